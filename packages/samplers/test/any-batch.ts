import type { ItemLists, SamplingBatch } from '@rodpo/samplers';
import fc from 'fast-check';

/** A batch with everything a sampler may ask for. */
export interface ContractBatch extends Required<SamplingBatch> {
  readonly itemCount: number;
}

const anyScore = fc.oneof(
  fc.constantFrom(0, 1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY), // ties are common
  fc.float({ noNaN: true }),
);

/** Batches of 1 to 5 rows; each row leaves one item or more. */
export function anyBatchOf(itemCount: number): fc.Arbitrary<ContractBatch> {
  return fc.integer({ min: 1, max: 5 }).chain((rowCount) => {
    const rows = <Value>(value: fc.Arbitrary<Value>, perRow = 1) =>
      fc.array(value, { minLength: rowCount * perRow, maxLength: rowCount * perRow });
    return fc.record({
      rowCount: fc.constant(rowCount),
      itemCount: fc.constant(itemCount),
      excluded: rows(anyExclusion(itemCount)).map(listsOf),
      scores: rows(anyScore, itemCount).map((scores) => Float32Array.from(scores)),
      chosen: rows(fc.nat(itemCount - 1)).map((items) => Int32Array.from(items)),
      keys: rows(fc.nat(3)).map((keys) => Int32Array.from(keys)),
      step: fc.nat(1000),
    });
  });
}

/** The same over 1 to 20 items. */
export const anyBatch: fc.Arbitrary<ContractBatch> = fc
  .integer({ min: 1, max: 20 })
  .chain(anyBatchOf);

/** Some items, or all but one; with repeats and numbers that name no item. */
function anyExclusion(itemCount: number): fc.Arbitrary<number[]> {
  const filler = fc.constantFrom(-1, itemCount, itemCount + 7);
  const all = [...Array(itemCount).keys()];
  const items = fc.oneof(
    fc.nat(itemCount - 1).map((kept) => all.filter((item) => item !== kept)),
    fc.subarray(all, { maxLength: itemCount - 1 }),
    fc.subarray(all, { maxLength: Math.min(2, itemCount - 1) }),
  );
  return fc
    .tuple(items, fc.array(filler, { maxLength: 2 }), fc.boolean())
    .map(([list, fillers, twice]) => [...list, ...fillers, ...(twice ? list : [])]);
}

/** Five rows over six items; the last row leaves item 1 only, unless `roomy`. */
export function fixedBatch({ roomy = false }: { readonly roomy?: boolean } = {}): ContractBatch {
  const last = roomy ? [5] : [0, 2, 3, 4, 5, 99];
  const scores = [
    [0.5, -1, 2, 1.5, 0, 0.25],
    [0, 0, 0, 0, 0, 0],
    [3, 2, 1, 0, -1, -2],
    [-0.5, 0.5, 1, 1, 0.5, -0.5],
    [1, 0.9, 0.8, 0.7, 0.6, 0.5],
  ];
  return {
    rowCount: 5,
    itemCount: 6,
    excluded: listsOf([[0], [1, 5, 1], [], [3, 3, -1], last]),
    scores: Float32Array.from(scores.flat()),
    chosen: Int32Array.of(0, 1, 2, 1, 4),
    keys: Int32Array.of(0, 1, 2, 3, 4),
    step: 0,
  };
}

/** Written out here, so that the tests lean on none of the package's own builders. */
export function listsOf(lists: readonly (readonly number[])[]): ItemLists {
  const offsets = Int32Array.from({ length: lists.length + 1 }, (_, row) =>
    lists.slice(0, row).reduce((sum, list) => sum + list.length, 0),
  );
  return { offsets, items: Int32Array.from(lists.flat()) };
}

export function excludedItems({ excluded }: SamplingBatch, row: number): Set<number> {
  return new Set(excluded.items.subarray(excluded.offsets[row], excluded.offsets[row + 1]));
}

/** Every item once per row, `[rowCount, itemCount]`. */
export function everyItem({ rowCount, itemCount }: ContractBatch): Int32Array {
  return Int32Array.from({ length: rowCount * itemCount }, (_, index) => index % itemCount);
}
