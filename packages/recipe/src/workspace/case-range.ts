import type { ReadonlyList } from '@rodpo/data';
import { requireInteger } from '@rodpo/errors';

/** Some of a part's cases that stand side by side, by their places in the split. */
export interface CaseRange {
  /** The first of them. */
  readonly from: number;
  /** What follows the last of them. */
  readonly to: number;
}

/**
 * A view of a part of a list.
 *
 * @throws {RangeError} (marked as actionable) if it reaches beyond the list
 */
export function casesIn<Case>(
  list: ReadonlyList<Case>,
  { from, to }: CaseRange,
): ReadonlyList<Case> {
  requireInteger('cases.from', from, { from: 0, to: list.length });
  requireInteger('cases.to', to, { from, to: list.length });
  const length = to - from;
  const at = (index: number) => {
    const place = index < 0 ? length + index : index;
    return place >= 0 && place < length ? list.at(from + place) : undefined;
  };
  function* entries(): Generator<[number, Case], void> {
    for (let index = 0; index < length; index++) yield [index, at(index)!];
  }
  function* values(): Generator<Case, void> {
    for (let index = 0; index < length; index++) yield at(index)!;
  }
  return { length, at, entries, [Symbol.iterator]: values };
}
