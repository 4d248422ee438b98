import { actionable, quote } from '@rodpo/errors';
import { anId, type Id, idText } from '../dataset/id-text.ts';

/** What somebody has chosen, by ids, oldest first. */
export interface IdHistory {
  readonly items: readonly Id[];
  /** When, in the unit of the dataset's times: one for each item. Default: not known. */
  readonly times?: ArrayLike<number>;
}

/** What somebody has chosen, as indices. */
export interface IndexHistory {
  readonly items: Int32Array;
  /** Those of `items`; there if they were there before. */
  readonly times?: Float64Array;
}

export interface EncodedHistories {
  /** In the order that they came in, without the items that are not known; may be empty. */
  readonly histories: readonly IndexHistory[];
  /** Items of each history that are not known: shape `[histories]`. */
  readonly unknownCounts: Int32Array;
  /** How often each id that is not known is in the histories, in the order of appearance. */
  readonly unknownIds: ReadonlyMap<string, number>;
}

/**
 * Histories of new users as a model reads them: indices in place of ids, the dataset's or those saved with
 * a model. An id that the dataset does not have is left out, with its time, and counted.
 *
 * @param itemIds ids by index, or what `indexOfIds` made of them, which saves the time for it
 * @throws {RangeError} (marked as actionable) if an id is neither a text, a safe integer nor a bigint, an
 * id is twice in `itemIds`, or there is not one time for each item
 */
export function encodeHistories(
  itemIds: readonly string[] | ReadonlyMap<string, number>,
  histories: readonly IdHistory[],
): EncodedHistories {
  const indices = itemIds instanceof Map ? itemIds : indexOfIds(itemIds as readonly string[]);
  const unknownCounts = new Int32Array(histories.length);
  const unknownIds = new Map<string, number>();
  const encoded = histories.map(({ items, times }, history): IndexHistory => {
    requireTimesFor(items, times, history);
    const found = items.map((id, place) => {
      const text = requireId(id, history, place);
      const index = indices.get(text);
      if (index === undefined) unknownIds.set(text, (unknownIds.get(text) ?? 0) + 1);
      return index;
    });
    const known = found.flatMap((index, place) => (index === undefined ? [] : [place]));
    unknownCounts[history] = items.length - known.length;
    return {
      items: Int32Array.from(known, (place) => found[place]!),
      ...(times ? { times: Float64Array.from(known, (place) => times[place]!) } : {}),
    };
  });
  return { histories: encoded, unknownCounts, unknownIds };
}

/**
 * The index of each id.
 *
 * @throws {RangeError} (marked as actionable) if an id is there twice
 */
export function indexOfIds(ids: readonly string[]): ReadonlyMap<string, number> {
  const indices = new Map<string, number>();
  for (const [index, id] of ids.entries()) {
    const earlier = indices.get(id);
    if (earlier !== undefined) {
      throw actionable(
        new RangeError(
          `ids must differ from one another, got ${quote(id)} at ${earlier} and ${index}. Give those ` +
            'that were saved with the dataset.',
        ),
      );
    }
    indices.set(id, index);
  }
  return indices;
}

function requireId(id: unknown, history: number, place: number): string {
  const text = idText(id);
  if (text !== undefined) return text;
  throw actionable(
    new RangeError(
      `histories[${history}].items[${place}] must be ${anId}, got ${quote(String(id))}. Correct it, ` +
        'or leave it out.',
    ),
  );
}

function requireTimesFor(
  items: readonly Id[],
  times: ArrayLike<number> | undefined,
  history: number,
): void {
  if (!times || times.length === items.length) return;
  throw actionable(
    new RangeError(
      `histories[${history}].times must have one entry for each of its ${items.length} items, got ` +
        `${times.length}. Correct them, or leave times out.`,
    ),
  );
}
