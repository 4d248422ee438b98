import { type PublishedItem, readPublishedItems } from '@rodpo/data';
import { type Item, type ItemSource, itemList } from '@rodpo/features';
import type { PublishedCatalogue } from '../config/feature-settings.ts';

/**
 * Items of a published catalogue, and of each what `inputOf` takes, which is all that is kept in memory.
 * Of an item that stands in the file twice it is the first.
 *
 * @throws {TextFormatError} of `@rodpo/files`, with file and line, if a line is not what that catalogue has
 */
export async function publishedItems(
  { published, path }: Pick<PublishedCatalogue, 'published' | 'path'>,
  inputOf: (item: PublishedItem) => string | undefined,
): Promise<ItemSource<string>> {
  const items = new Map<string, Item<string>>();
  for await (const item of readPublishedItems(published, path)) {
    if (!items.has(item.id)) items.set(item.id, { id: item.id, input: inputOf(item) });
  }
  return itemList([...items.values()]);
}

/** The fields that are there, as sentences; undefined if none is. */
export function publishedText(
  item: PublishedItem,
  fields: PublishedCatalogue['text'],
): string | undefined {
  const parts = fields.flatMap((field) => {
    const value = item[field];
    return typeof value === 'string' ? [value] : value === undefined ? [] : [value.join(', ')];
  });
  const sentences = parts.filter((part) => part !== '').map(endedSentence);
  return sentences.length > 0 ? sentences.join(' ') : undefined;
}

function endedSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
