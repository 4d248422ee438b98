import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diversify } from '../src/answer/diversify.ts';

const rowsOf = (vectors: Float32Array, width: number) => (item: number) =>
  vectors.subarray(item * width, (item + 1) * width);

/** As the paper has it: each time, over all that are left, the greatest cosine to all that are taken. */
function marginalRelevance(
  pool: readonly { item: number; score: number }[],
  vectors: readonly (readonly number[])[],
  { count, diversity }: { count: number; diversity: number },
): number[] {
  const product = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + value * b[at]!, 0);
  const cosine = (a: readonly number[], b: readonly number[]) => {
    const lengths = Math.sqrt(product(a, a)) * Math.sqrt(product(b, b));
    return lengths === 0 ? 0 : product(a, b) / lengths;
  };
  const scores = pool.map(({ score }) => score);
  const [most, least] = [Math.max(...scores), Math.min(...scores)];
  const taken: number[] = [];
  while (taken.length < Math.min(count, pool.length)) {
    const values = pool.map(({ item, score }) => {
      if (taken.includes(item)) return Number.NEGATIVE_INFINITY;
      const relevance = most > least ? (score - least) / (most - least) : 1;
      const cosines = taken.map((other) => cosine(vectors[item]!, vectors[other]!));
      const resemblance = cosines.length === 0 ? 0 : Math.max(...cosines);
      return (1 - diversity) * relevance - diversity * resemblance;
    });
    // Cosines of equal vectors may differ in the last bit: what is within it is a tie.
    const greatest = Math.max(...values);
    taken.push(pool[values.findIndex((value) => value > greatest - 1e-9)]!.item);
  }
  return taken;
}

test('items are taken as a plain loop over the definition takes them', () => {
  const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
    minLength: 3,
    maxLength: 3,
  });
  const item = fc.record({ vector, score: fc.double({ min: -5, max: 5, noNaN: true }) });
  const cases = fc.record({
    items: fc.array(item, { minLength: 1, maxLength: 12 }),
    count: fc.integer({ min: 1, max: 8 }),
    diversity: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(cases, ({ items, count, diversity }) => {
      const vectors = Float32Array.from(items.flatMap((one) => one.vector));
      const rows = items.map((_, at) => [...vectors.subarray(3 * at, 3 * at + 3)]);
      const pool = items
        .map(({ score }, at) => ({ item: at, score }))
        .sort((a, b) => b.score - a.score || a.item - b.item);
      const found = diversify(pool, { count, diversity, vectorOf: rowsOf(vectors, 3) });
      const expected = marginalRelevance(pool, rows, { count, diversity });
      expect(found.map(({ item: one }) => one)).toEqual(expected);
      for (const own of found) expect(own.score).toBe(items[own.item]!.score);
    }),
  );
});

// Items 0 and 1 are the same, 2 is across: with λ = 1 − diversity, the second place goes to
// 1 if (1 − d) · 0.9 − d · 1 > (1 − d) · 0 − d · 0, so for d < 0.9 / 1.9 = 0.4737.
test.each([
  [0, [0, 1]],
  [0.47, [0, 1]],
  [0.48, [0, 2]],
  [1, [0, 2]],
])('diversity %d takes %j', (diversity, expected) => {
  const pool = [10, 9, 0].map((score, item) => ({ item, score }));
  const vectors = Float32Array.of(1, 0, 2, 0, 0, 3);
  const found = diversify(pool, { count: 2, diversity, vectorOf: rowsOf(vectors, 2) });

  expect(found.map(({ item }) => item)).toEqual(expected);
});

test('of nothing nothing is taken', () => {
  const vectors = new Float32Array(0);
  expect(diversify([], { count: 3, diversity: 0.5, vectorOf: rowsOf(vectors, 2) })).toEqual([]);
});
