import { seededRandom } from '@rodpo/random';
import {
  aboveChosen,
  filtered,
  type NegativeFilter,
  similarTo,
  topKPool,
  uniform,
} from '@rodpo/samplers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyBatch, type ContractBatch, excludedItems, fixedBatch, listsOf } from '../any-batch.ts';
import { describeNegativeSampler } from '../negative-sampler-contract.ts';
import { logarithms, oneRow, ranking, rowsOf } from './oracle.ts';

/** Names item 2 twice, and a number that is no item, in every row. */
const secondItem: NegativeFilter = ({ rowCount }) => listsOf(Array(rowCount).fill([2, 99, 2]));
const withoutSecond = (batch: ContractBatch, row: number) =>
  ranking(batch, row).filter((item) => item !== 2).length;

describeNegativeSampler(
  'filtered topKPool',
  () => filtered(topKPool({ poolSize: 100 }), secondItem),
  { available: withoutSecond },
);
describeNegativeSampler(
  'filtered uniform that keeps one',
  (itemCount) => filtered(uniform({ itemCount }), secondItem, { keepAtLeast: 1 }),
  {
    available: (batch, row) =>
      Math.max(withoutSecond(batch, row), Math.min(1, ranking(batch, row).length)),
  },
);

/** The items that a filter leaves in the first row. */
function left(filter: NegativeFilter, batch: ReturnType<typeof oneRow> & { chosen?: Int32Array }) {
  const { items } = filter(batch);
  return [...batch.scores.keys()].filter((item) => !items.includes(item));
}

describe('aboveChosen', () => {
  //                     item:  0    1  2    3     4   5
  const batch = { ...oneRow([1.6, 2, 1, 1.9, -3, 2.1]), chosen: Int32Array.of(1) };

  test.each([
    [{}, [0, 1, 2, 3, 4]],
    [{ margin: 0.25 }, [0, 2, 4]],
    [{ margin: -0.25 }, [0, 1, 2, 3, 4, 5]],
    [{ ratio: 0.9 }, [0, 2, 4]],
    [{ ratio: 0.75 }, [2, 4]],
    [{ ratio: 0.75, margin: 1.5 }, [4]],
    [{ ratio: 0.4, margin: 0.25 }, [4]],
  ])('%j leaves %j', (options, expected) => {
    expect(left(aboveChosen(options), batch)).toEqual(expected);
  });

  test('an item exactly at the bound is left', () => {
    const halves = { ...oneRow([1, 0.5, 0.75]), chosen: Int32Array.of(0) };

    expect(left(aboveChosen({ margin: 0.25 }), halves)).toEqual([1, 2]);
    expect(left(aboveChosen({ ratio: 0.75 }), halves)).toEqual([1, 2]);
  });

  test('a ratio lowers the bound of a negative score too', () => {
    const negative = { ...oneRow([-2, -2.2, -2.6]), chosen: Int32Array.of(0) };

    expect(left(aboveChosen({ ratio: 0.75 }), negative)).toEqual([2]); // −2 · 1.25 = −2.5
  });

  test('infinite scores of the chosen item are bounds like others', () => {
    const at = (score: number) => ({ ...oneRow([score, 5, -Infinity]), chosen: Int32Array.of(0) });

    expect(left(aboveChosen({ margin: 1, ratio: 0.9 }), at(Infinity))).toEqual([0, 1, 2]);
    expect(left(aboveChosen({ margin: 1, ratio: 0.9 }), at(-Infinity))).toEqual([0, 2]);
  });

  test('rejects what it cannot compare with', () => {
    const { chosen, ...withoutChosen } = batch;

    expect(() => aboveChosen({ margin: Infinity })).toThrow(/^margin must be finite/);
    expect(() => aboveChosen({ ratio: 0 })).toThrow(/^ratio must be above 0 and at most 1, got 0/);
    expect(() => aboveChosen({ ratio: 1.1 })).toThrow(/^ratio must be above 0 and at most 1/);
    expect(() => aboveChosen()(withoutChosen)).toThrow(/^This sampler needs the chosen items/);
    expect(() => aboveChosen()({ ...batch, chosen: Int32Array.of(6) })).toThrow(
      /^chosen must be from 0 to 5, got 6 in row 0/,
    );
    expect(() => aboveChosen()({ ...oneRow([1, Number.NaN]), chosen })).toThrow(
      new RangeError('scores must be numbers, got NaN for item 1 of row 0'),
    );
  });
});

describe('similarTo', () => {
  const neighbours = listsOf([[3], [], [4, 3], [0, 2], [2]]);
  const batch = { ...oneRow([1, 2, 3, 4, 5], [0, 1, -1, 99]), chosen: Int32Array.of(2) };

  test('names the neighbours of the chosen item, or of all that is excluded', () => {
    expect(similarTo(neighbours)(batch)).toEqual(listsOf([[4, 3]]));
    expect(similarTo(neighbours, { of: 'excluded' })(batch)).toEqual(listsOf([[3]]));
  });

  test('keeps the rows apart', () => {
    const rows = {
      rowCount: 3,
      excluded: listsOf([[0, 2], [], [4]]),
      chosen: Int32Array.of(3, 1, 0),
    };

    expect(similarTo(neighbours)(rows)).toEqual(listsOf([[0, 2], [], [3]]));
    expect(similarTo(neighbours, { of: 'excluded' })(rows)).toEqual(listsOf([[3, 4, 3], [], [2]]));
  });

  test('rejects a chosen item without a list', () => {
    expect(() => similarTo(neighbours)({ ...batch, chosen: Int32Array.of(5) })).toThrow(
      /^chosen must be from 0 to 4, got 5 in row 0/,
    );
    expect(() => similarTo({ offsets: Int32Array.of(0, 2), items: new Int32Array(1) })).toThrow(
      /^neighbours.items must have 2 elements/,
    );
  });
});

test('a filter and the exclusions hold together, before the pool is cut', () => {
  const batch = { ...oneRow([5, 4, 3, 2, 1], [1]), chosen: Int32Array.of(2) };
  const sampler = filtered(topKPool({ poolSize: 2 }), aboveChosen({ margin: 0.5 }));

  // 0 and 2 are above 2.5, 1 is excluded: the two best of what is left are 3 and 4.
  expect(sampler.sample(batch, 2, seededRandom(1)).items.sort()).toEqual(Int32Array.of(3, 4));
});

test('never draws what is named or excluded, whatever comes back', () => {
  fc.assert(
    fc.property(anyBatch, fc.nat(3), fc.nat(), (batch, keepAtLeast, seed) => {
      const filter = aboveChosen({ margin: 0.5 });
      const sampler = filtered(topKPool({ poolSize: 100 }), filter, { keepAtLeast });
      const named = filter(batch);
      const logs = logarithms(sampler, batch);
      for (const row of rowsOf(batch)) {
        const suspects = excludedItems({ ...batch, excluded: named }, row);
        const order = ranking(batch, row);
        const clean = order.filter((item) => !suspects.has(item));
        const missing = Math.max(0, keepAtLeast - clean.length);
        const back = order.filter((item) => suspects.has(item)).slice(missing > 0 ? -missing : 999);
        const expected = [...clean, ...back].sort((a, b) => a - b);
        const of = logs.subarray(row * batch.itemCount, (row + 1) * batch.itemCount);

        expect([...of.keys()].filter((item) => of[item]! > -Infinity)).toEqual(expected);
        if (expected.length === 0) return;
      }
      const least = Math.min(
        ...rowsOf(batch).map((row) => ranking(batch, row).length),
        keepAtLeast,
      );
      const { items } = sampler.sample(batch, least, seededRandom(seed));
      for (const [index, item] of items.entries()) {
        expect(ranking(batch, Math.floor(index / least))).toContain(item);
      }
    }),
    { numRuns: 300 },
  );
});

test('the lowest-scored suspects come back, and only as many as are missing', () => {
  const batch = { ...oneRow([5, 4, 3, 2, 2, 9], [5]), chosen: Int32Array.of(4) };
  const all: NegativeFilter = () => listsOf([[0, 1, 2, 3, 4, 5, 0]]);
  const leaves = (keepAtLeast: number) =>
    [...logarithms(filtered(topKPool({ poolSize: 9 }), all, { keepAtLeast }), batch).entries()]
      .filter(([, value]) => value > -Infinity)
      .map(([item]) => item);

  expect(leaves(0)).toEqual([]);
  expect(leaves(1)).toEqual([4]); // of two equal ones the higher index ranks last
  expect(leaves(3)).toEqual([2, 3, 4]);
  expect(leaves(9)).toEqual([0, 1, 2, 3, 4]); // the excluded one never
  expect(() => filtered(topKPool({ poolSize: 9 }), all).sample(batch, 1, Math.random)).toThrow(
    expect.objectContaining({ name: 'PoolTooSmallError', available: 0, row: 0 }),
  );
});

test('filters can be put around each other', () => {
  const batch = { ...oneRow([5, 4, 3, 2, 1]), chosen: Int32Array.of(1) };
  const neighbours = listsOf([[], [3], [], [], []]);
  const sampler = filtered(
    filtered(topKPool({ poolSize: 9 }), aboveChosen({ margin: 0.5 })),
    similarTo(neighbours),
  );

  expect(sampler.sample(batch, 2, seededRandom(1)).items.sort()).toEqual(Int32Array.of(2, 4));
});

test('rejects what it cannot keep, and a filter of other rows', () => {
  const { scores, ...withoutScores } = fixedBatch();
  const sampler = uniform({ itemCount: 6 });

  expect(() => filtered(sampler, secondItem, { keepAtLeast: 1.5 })).toThrow(
    new RangeError('keepAtLeast must be an integer from 0, got 1.5'),
  );
  expect(() =>
    filtered(sampler, secondItem, { keepAtLeast: 1 }).sample(withoutScores, 1, Math.random),
  ).toThrow(/needs the scores/);
  for (const keepAtLeast of [0, 1]) {
    const broken = filtered(sampler, () => listsOf([[]]), { keepAtLeast });
    expect(() => broken.sample({ ...withoutScores, scores }, 1, Math.random)).toThrow(
      /\.offsets must have 6 elements/,
    );
  }
});
