import { leaveOneOut, paddingShare } from '@rodpo/data';
import { seededRandom } from '@rodpo/random';
import { expect, test } from 'vitest';
import {
  epochTokens,
  learnedTokens,
  trainingBatches,
  trainingSet,
} from '../src/batches/training-set.ts';
import { smallWorkspace } from './small-workspace.ts';

const { train } = leaveOneOut([
  Int32Array.of(0, 1, 2, 3, 4, 5, 6),
  Int32Array.of(7, 6),
  Int32Array.of(3, 2, 1, 0),
]);
const layout = { rowLength: 4, rowCount: 2 };
const small = () => trainingSet(train, { itemCount: 8, maxLength: 3 });

test('learns from every position of the training part, the latest ones when there are many', () => {
  const set = small();

  // User a trains on 0…4, of which the last three targets fit; b has no pair held out, but two
  // items; c trains on its first two.
  expect(set.lengths).toEqual(Int32Array.of(3, 1, 1));
  expect(set.items(0)).toEqual(Int32Array.of(1, 2, 3, 4));
  expect(set.firstTokens).toEqual(Int32Array.of(0, 3, 4));
  expect(set.tokenCount).toBe(5);
});

test('windows: each item but the first is a target, and each window is its user’s', () => {
  const [long, ...others] = train;
  const set = trainingSet([Int32Array.of(7, 5, 6, 4, ...long!), ...others], {
    itemCount: 8,
    maxLength: 3,
    windows: {},
  });
  const windows = [...set.lengths.keys()].map((index) => [set.userOf(index), ...set.items(index)]);

  // Nine items of user a: three windows of four end where the sequence does, three apart.
  expect(windows).toEqual([
    [0, 7, 5, 6, 4],
    [0, 6, 4, 0, 1],
    [0, 1, 2, 3, 4],
    [1, 7, 6],
    [2, 3, 2],
  ]);
  expect(set.lengths).toEqual(Int32Array.of(3, 3, 3, 1, 1));
  expect(set.firstTokens).toEqual(Int32Array.of(0, 3, 6, 9, 10));
  expect(set.tokenCount).toBe(11);
});

test('a window of items has the times of its own place', () => {
  const asked: number[][] = [];
  const timesOf = (...place: [number, number, number]) => {
    asked.push(place);
    return { intervals: new Int32Array(3), times: new Float32Array(3) };
  };
  const sequences = [Int32Array.of(1, 2), Int32Array.of(0, 1, 2, 3, 4, 5, 6)];
  const set = trainingSet(sequences, {
    itemCount: 8,
    maxLength: 3,
    timesOf,
    windows: { stride: 2 },
  });
  for (const index of set.lengths.keys()) set.times!(index);

  expect(asked).toEqual([
    [0, 0, 1],
    [1, 0, 3],
    [1, 1, 4],
    [1, 3, 6],
  ]);
});

test('packs what was read, what came next, and which tokens count', () => {
  const [batch] = [...trainingBatches(small(), layout)];
  const { items, targets, weights, segments, positions } = batch!.inputs;

  expect(items).toEqual(Int32Array.of(1, 2, 3, 7, 3, 0, 0, 0));
  expect(targets).toEqual(Int32Array.of(2, 3, 4, 6, 2, 0, 0, 0));
  expect(segments).toEqual(Int32Array.of(1, 1, 1, 2, 1, 0, 0, 0));
  expect(positions).toEqual(Int32Array.of(0, 1, 2, 0, 0, 0, 0, 0));
  expect(weights).toEqual(Float32Array.of(1, 1, 1, 1, 1, 0, 0, 0));
});

test('learns from the last token of each sequence alone, if asked to; all else stays', () => {
  const set = small();
  const [all] = [...trainingBatches(set, layout)];
  const [last] = [...trainingBatches(set, layout, undefined, { positions: 'last' })];
  const { weights, ...others } = last!.inputs;
  const { weights: _, ...expected } = all!.inputs;

  expect(weights).toEqual(Float32Array.of(0, 0, 1, 1, 1, 0, 0, 0));
  expect(others).toEqual(expected);
  expect(last!.packed).toEqual(all!.packed);
  expect(all!.learned).toBe(all!.packed.placements);
  expect([learnedTokens(all!), learnedTokens(last!)]).toEqual([5, 3]);
  expect([epochTokens(set, 'all'), epochTokens(set, 'last')]).toEqual([5, 3]);
});

test('each seed has an order of users of its own, in which each comes once', () => {
  const { set, layout: own } = smallWorkspace();
  const usersOf = (seed?: number) =>
    [...trainingBatches(set, own, seed)].flatMap(({ packed }) =>
      packed.placements.map(({ sequence }) => sequence),
    );
  const [first, again, other, unshuffled] = [1, 1, 2, undefined].map(usersOf);

  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
  for (const order of [first, other]) {
    expect(order).not.toEqual(unshuffled);
    expect(order!.toSorted((a, b) => a - b)).toEqual([...Array(120).keys()]);
  }
});

test('who has nothing to learn from has no last token', () => {
  const sequences = [Int32Array.of(1, 2, 3), Int32Array.of(4), new Int32Array(0)];
  const set = trainingSet(sequences, { itemCount: 8, maxLength: 3 });

  expect([epochTokens(set, 'all'), epochTokens(set, 'last')]).toEqual([2, 1]);
});

test.each(['all', 'last'] as const)("an epoch's weights, %s: batches sum to it", (positions) => {
  const { set, layout: own } = smallWorkspace();
  const batches = [...trainingBatches(set, own, 1, { positions })];
  const sumOf = ({ inputs }: (typeof batches)[number]) =>
    [...inputs.weights!].reduce((total, weight) => total + weight, 0);

  expect(batches.length).toBeGreaterThan(3);
  for (const { packed, inputs, learned } of batches) {
    const isRead = packed.segments.map((segment) => Math.min(segment, 1));
    if (positions === 'all') expect(inputs.weights).toEqual(Float32Array.from(isRead));
    else expect(learned.length).toBe(packed.placements.length);
  }
  expect(batches.map(sumOf)).toEqual(batches.map(learnedTokens));
  expect(batches.map(sumOf).reduce((total, sum) => total + sum)).toBe(epochTokens(set, positions));
});

test('at most 15 % of the tokens are padding, for histories as shops have them', () => {
  const random = seededRandom(1);
  const histories = Array.from(
    { length: 2000 },
    () =>
      // min(50, 4 + geometric): short, with a long tail.
      new Int32Array(Math.min(50, 4 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / 8)))),
  );
  const set = trainingSet(histories, { itemCount: 1, maxLength: 50 });
  const batches = [...trainingBatches(set, { rowLength: 64, rowCount: 24 }, 1)];

  expect(paddingShare(batches.map(({ packed }) => packed))).toBeLessThan(0.15);
});
