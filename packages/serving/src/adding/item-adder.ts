import type { Catalogue } from '../answer/catalogue.ts';
import type { Bundle } from '../bundle/bundle.ts';
import type { ItemVectors } from '../bundle/item-vectors.ts';
import type { OpenSession } from '../reading/session.ts';
import { type ItemEncoder, openItemEncoder } from './item-encoder.ts';
import { checkEncoded, checkIds, checkVectors, type NewItem, NewItemError } from './new-item.ts';

/** Takes new items into a running bundle. */
export interface ItemAdder {
  /** All of them or none. @throws {NewItemError} */
  add(items: readonly NewItem[]): Promise<void>;
  dispose(): Promise<void>;
}

export interface ItemAdderParts {
  readonly catalogue: Catalogue;
  readonly vectors: ItemVectors;
  readonly openSession: OpenSession;
}

/** The model is loaded when something is first added: most bundles that run never are given anything. */
export function itemAdder(
  { newItems, settings: { modalities, width } }: Bundle,
  { catalogue, vectors, openSession }: ItemAdderParts,
): ItemAdder {
  let opened: Promise<ItemEncoder> | undefined;
  const isKnown = (id: string) => catalogue.indexOf(id) !== undefined;
  return {
    add: async (items) => {
      if (!newItems || !modalities) throw unsupported();
      checkIds(items, isKnown);
      for (const item of items) checkVectors(item, modalities);
      opened ??= openItemEncoder(newItems, { openSession, modalities, width }).catch((error) => {
        opened = undefined;
        throw error;
      });
      const encoded = await (await opened).encode(items);
      checkEncoded(items, encoded);
      // Another call may have added one of them in the meantime. From here on nothing waits: whoever asks
      // finds all of the items or none, and no id before its vector.
      checkIds(items, isKnown);
      vectors.append(encoded);
      catalogue.append(items.map(({ vectors: _, ...item }) => item));
    },
    dispose: async () => (await opened)?.dispose(),
  };
}

function unsupported(): NewItemError {
  return new NewItemError(
    'unsupported',
    'This bundle cannot take new items: its encoder knows items by their ids alone, or it was exported ' +
      'without its item side. Train one that reads vectors of a modality (text, image), and export it again.',
  );
}
