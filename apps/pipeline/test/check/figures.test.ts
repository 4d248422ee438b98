import { leaveOneOut } from '@rodpo/data';
import { expect, test } from 'vitest';
import { datasetFigures } from '../../src/check/dataset-figures.ts';
import { lengthFigures } from '../../src/check/length-figures.ts';
import { popularityFigures } from '../../src/check/popularity-figures.ts';
import { quantile } from '../../src/check/quantile.ts';
import { timeFigures } from '../../src/check/time-figures.ts';
import { parseConfig } from '../../src/config/config.ts';
import { dataOf, from2015, sound } from './data-of.ts';

// numpy 2.4: np.quantile([1, 2, 4, 8, 16, 32], [0, .25, .5, .95, 1])
test.each([
  [0, 1],
  [0.25, 2.5],
  [0.5, 6],
  [0.95, 28],
  [1, 32],
])('the quantile of %d is %d, as numpy has it', (share, expected) => {
  expect(quantile([1, 2, 4, 8, 16, 32], share)).toBeCloseTo(expected, 12);
});

const ofLengths = (...lengths: number[]) => lengths.map((length) => new Int32Array(length));

test('lengths are spread over classes that hold each user once', () => {
  const figures = lengthFigures(ofLengths(3, 1, 7, 6, 100), { maxLength: 6 });

  expect(figures).toMatchObject({ min: 1, median: 6, mean: 23.4, max: 100, longerUsers: 2 });
  expect(figures.histogram.slice(0, 6)).toEqual([
    { from: 1, to: 1, users: 1 },
    { from: 2, to: 2, users: 0 },
    { from: 3, to: 3, users: 1 },
    { from: 4, to: 5, users: 0 },
    { from: 6, to: 7, users: 2 },
    { from: 8, to: 11, users: 0 },
  ]);
  expect(figures.histogram.at(-1)).toEqual({ from: 96, to: 127, users: 1 });
  for (const [place, { to }] of figures.histogram.slice(0, -1).entries()) {
    expect(figures.histogram[place + 1]!.from).toBe(to + 1);
  }
});

/** Half the mean difference between two items, drawn with replacement, relative to the mean. */
function giniByPairs(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const differences = counts.flatMap((a) => counts.map((b) => Math.abs(a - b)));
  return differences.reduce((sum, value) => sum + value, 0) / counts.length ** 2 / (2 * mean);
}

test.each([[[3, 3, 3]], [[1, 2, 3, 4]], [[9, 1, 4, 4, 1, 30]], [[7]]])(
  'the Gini coefficient of %j is that of its definition',
  (counts) => {
    const sequences = [Int32Array.from(counts.flatMap((count, item) => Array(count).fill(item)))];
    const { gini } = popularityFigures(sequences, counts.length);

    expect(gini).toBeCloseTo(giniByPairs(counts), 12);
  },
);

test('popularity falls along its ranks, and rare items are counted', () => {
  const sequences = [Int32Array.from([...Array(9).fill(2), ...Array(5).fill(0), 1, 1, 1, 1])];

  expect(popularityFigures(sequences, 3)).toMatchObject({
    rareItems: 1,
    rareBelow: 5,
    curve: [
      { rank: 1, interactions: 9 },
      { rank: 2, interactions: 5 },
      { rank: 3, interactions: 4 },
    ],
  });
  const many = Int32Array.from({ length: 50_000 }, (_, item) => item);
  const { curve } = popularityFigures([many], many.length);
  expect(curve.length).toBeLessThanOrEqual(200);
  expect([curve[0]!.rank, curve.at(-1)!.rank]).toEqual([1, 50_000]);
});

test('dates are told in UTC, whatever the unit, and each interaction has its place in time', () => {
  const { sequences, times } = dataOf(sound, (place) => from2015(place) * 1000);
  const figures = timeFigures(times!, leaveOneOut(sequences), undefined);

  expect(figures).toMatchObject({
    unit: 'milliseconds',
    from: '2015-01-01 00:00',
    to: '2015-06-10 00:00',
    undated: 0,
    tied: 0,
    tiedTargets: 0,
  });
  const total = figures.activity.reduce((sum, { interactions }) => sum + interactions, 0);
  expect(total).toBe(25);
  expect(figures.activity[0]).toEqual({ from: '2015-01-01 00:00', interactions: 5 });
  expect(figures.activity.at(-1)!.interactions).toBe(5);
});

test('numbers that say no dates stay numbers, and one moment is one part', () => {
  const { sequences, times } = dataOf(sound, () => 7);

  expect(timeFigures(times!, leaveOneOut(sequences), undefined)).toMatchObject({
    unit: null,
    from: '7',
    to: '7',
    tied: 25,
    tiedTargets: 5,
    activity: [{ from: '7', interactions: 25 }],
  });
});

test('the span of dates has its beginning and not its end', () => {
  const ends = [1e8 - 1, 1e8, 1.5e9, 1.5e9, 1e10 - 1, 1e10];
  const times = [Float64Array.from(ends)];

  expect(
    timeFigures(times, leaveOneOut([Int32Array.of(0, 1, 2, 3, 4, 0)]), undefined).undated,
  ).toBe(2);
});

test('figures are plain values', () => {
  const config = parseConfig({}, 'the test');
  const figures = datasetFigures(dataOf(sound, from2015), config);

  expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
  expect(datasetFigures(dataOf(sound), config).times).toBeNull();
});
