import { seededRandom } from '@rodpo/random';
import {
  cachedPool,
  excludeNothing,
  filtered,
  mixture,
  type NegativeSampler,
  uniform,
} from '@rodpo/samplers';
import { expect, test } from 'vitest';

const itemCount = 40;
const pool = () => cachedPool({ keyCount: 2, poolSize: 8, refreshEvery: 100, weighting: 'rank' });
const lazy = () => cachedPool({ keyCount: 2, poolSize: 3, refreshEvery: 100 });
const anything = () => uniform({ itemCount });
const noFilter = ({ rowCount }: { rowCount: number }) => excludeNothing(rowCount);

const batchAt = (step: number, scoreOf: (item: number) => number) => ({
  rowCount: 2,
  keys: Int32Array.of(0, 1),
  excluded: excludeNothing(2),
  scores: Float32Array.from({ length: 2 * itemCount }, (_, cell) => scoreOf(cell % itemCount)),
  step,
});

const made: [string, () => NegativeSampler][] = [
  ['filtered', () => filtered(pool(), noFilter)],
  [
    'a mixture',
    () =>
      mixture(
        [
          { sampler: anything(), weight: 1 },
          { sampler: pool(), weight: 2 },
          { sampler: filtered(lazy(), noFilter), weight: 2 },
        ],
        { itemCount },
      ),
  ],
];

test.each(made)('%s of kept pools goes on from them', (_, make) => {
  const before = make();
  before.sample(
    batchAt(0, (item) => item),
    2,
    seededRandom(1),
  );
  // Scores are the other way round by now, and nothing is due: only what was kept tells where to draw.
  const next = batchAt(1, (item) => -item);
  const drawn = (sampler: NegativeSampler) => sampler.sample(next, 3, seededRandom(2));
  const resumed = make();
  resumed.load?.(before.state!());

  const expected = drawn(before);
  expect(drawn(make())).not.toEqual(expected);
  expect(drawn(resumed)).toEqual(expected);
});

test('what is made of samplers that remember nothing remembers nothing', () => {
  const sampler = mixture([{ sampler: filtered(anything(), noFilter), weight: 1 }], { itemCount });

  expect(sampler.state).toBeUndefined();
  expect(sampler.load).toBeUndefined();
});
