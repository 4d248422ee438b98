import type { FailureReason } from './unusable-input.ts';

/** One item of a catalogue, and what its vector is made from. */
export interface Item<Input> {
  readonly id: string;
  /** Undefined if the item has none. */
  readonly input: Input | undefined;
  /** Why it has none, for the record of failures. Default: it is missing. */
  readonly problem?: { readonly reason: FailureReason; readonly message: string };
}

/** A catalogue that is read piece by piece, so that it need not fit into memory. */
export interface ItemSource<Input> {
  readonly itemCount: number;
  /** Items `start` to `end` (exclusive), in catalogue order. Ids differ. */
  read(start: number, end: number): Promise<readonly Item<Input>[]>;
}

/** A catalogue that is in memory already. */
export function itemList<Input>(items: readonly Item<Input>[]): ItemSource<Input> {
  return { itemCount: items.length, read: async (start, end) => items.slice(start, end) };
}
