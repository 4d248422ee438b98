import fc from 'fast-check';

export interface AnyLists {
  readonly itemCount: number;
  readonly lists: number[][];
}

/** Lists of different lengths over a small catalogue, so that items are shared; some are empty. */
export const anyLists: fc.Arbitrary<AnyLists> = fc.integer({ min: 2, max: 12 }).chain((itemCount) =>
  fc.record({
    itemCount: fc.constant(itemCount),
    lists: fc.array(fc.uniqueArray(fc.nat(itemCount - 1), { maxLength: 6 }), {
      minLength: 1,
      maxLength: 8,
    }),
  }),
);

/** The same lists in one array: `[caseCount, cutoff]`, filled up with −1. */
export function flat(
  lists: readonly (readonly number[])[],
  cutoff: number,
): { items: Int32Array; cutoff: number } {
  const items = new Int32Array(lists.length * cutoff).fill(-1);
  lists.forEach((list, row) => {
    items.set(list.slice(0, cutoff), row * cutoff);
  });
  return { items, cutoff };
}

/** The same lists, one after another: `[rowCount + 1]` offsets. */
export function ragged(lists: readonly (readonly number[])[]): {
  offsets: Int32Array;
  items: Int32Array;
} {
  const offsets = [0];
  for (const list of lists) offsets.push(offsets.at(-1)! + list.length);
  return { offsets: Int32Array.from(offsets), items: Int32Array.from(lists.flat()) };
}
