import { relative, resolve } from 'node:path';
import type { Embedder, ItemSource } from '@rodpo/features';

/**
 * Files by their names within a folder. Stores know their items by ids and inputs: with whole paths,
 * one that was moved, or is called otherwise, would be taken for another.
 */
export function relativeInputs(source: ItemSource<string>, folder: string): ItemSource<string> {
  return {
    itemCount: source.itemCount,
    read: async (start, end) => {
      const items = await source.read(start, end);
      return items.map((item) =>
        item.input === undefined ? item : { ...item, input: nameIn(folder, item.input) },
      );
    },
  };
}

/** An embedder that finds the files which `relativeInputs` names. */
export function readingFrom(folder: string, embedder: Embedder<string>): Embedder<string> {
  return {
    dimension: embedder.dimension,
    description: embedder.description,
    prepare: (name) => embedder.prepare(isAddress(name) ? name : resolve(folder, name)),
    embed: (batch) => embedder.embed(batch),
    dispose: () => embedder.dispose(),
  };
}

function nameIn(folder: string, path: string): string {
  return isAddress(path) ? path : relative(folder, path);
}

export function isAddress(text: string): boolean {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(text);
}
