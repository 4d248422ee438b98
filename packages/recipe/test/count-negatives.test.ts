import { leaveOneOut, packRows } from '@rodpo/data';
import { expect, test } from 'vitest';
import { type Dataset, matrixTastes } from '../src/batches/dataset.ts';
import { countNegatives } from '../src/training/count-negatives.ts';

const dataset: Dataset = {
  userIds: ['a', 'b'],
  itemIds: ['0', '1', '2', '3', '4'],
  // Trained on [0, 1, 2] and [4, 3, 2]; held out are 3, 4 and 1, 0.
  sequences: [Int32Array.of(0, 1, 2, 3, 4), Int32Array.of(4, 3, 2, 1, 0)],
  // biome-ignore format: one row a user.
  tastes: matrixTastes(Uint8Array.of(1, 1, 0, 1, 0,
                                     0, 0, 1, 0, 1), 5),
};
const [packed] = [...packRows([2, 2], { rowLength: 5, rowsPerBatch: 1 })];
const users = { ...leaveOneOut(dataset.sequences), userOf: (sequence: number) => sequence };

test('counts false negatives, held-out and history items among the drawn, and no padding', () => {
  // User a draws 3 (liked, held out) and 2 (history), b draws 4 (liked, but history) and 0 (held
  // out, not liked); the fifth cell is padding.
  const negatives = Int32Array.of(3, 2, 4, 0, 1);

  expect(countNegatives(negatives, packed!, dataset, users)).toEqual({
    falseNegativeRate: 1 / 4,
    heldOutRate: 2 / 4,
    historyRate: 2 / 4,
  });
});

test('counts every one of several negatives per token', () => {
  // Two a token: a draws 3, 3 and 2, 3; b draws 4, 0 and 1, 1 (1: held out, not liked).
  const negatives = Int32Array.of(3, 3, 2, 3, 4, 0, 1, 1, 0, 0);

  expect(countNegatives(negatives, packed!, dataset, users)).toEqual({
    falseNegativeRate: 3 / 8,
    heldOutRate: 6 / 8,
    historyRate: 2 / 8,
  });
});

test('without known tastes the false-negative rate is unknown, not zero', () => {
  const { tastes, ...real } = dataset;
  const { falseNegativeRate } = countNegatives(Int32Array.of(3, 2, 4, 0, 1), packed!, real, users);

  expect(tastes).toBeDefined();
  expect(falseNegativeRate).toBeNaN();
});

test('what could not be drawn counts neither way', () => {
  // User a draws 3 and nothing, b nothing and 0.
  expect(countNegatives(Int32Array.of(3, -1, -1, 0, 1), packed!, dataset, users)).toEqual({
    falseNegativeRate: 1 / 2,
    heldOutRate: 2 / 2,
    historyRate: 0,
  });
  expect(countNegatives(new Int32Array(5).fill(-1), packed!, dataset, users)).toEqual({
    falseNegativeRate: 0,
    heldOutRate: 0,
    historyRate: 0,
  });
});

test('sequences that are windows count as those of their users', () => {
  // Both windows are of user b, to whom 3 and 2 are history, and who liked 4.
  const owned = { ...users, userOf: () => 1 };

  expect(countNegatives(Int32Array.of(3, 2, 4, 0, 1), packed!, dataset, owned)).toMatchObject({
    heldOutRate: 1 / 4,
    historyRate: 3 / 4,
  });
});

test('tastes of a matrix are its ones, row by row', () => {
  const { likes } = dataset.tastes!;
  const liked = [0, 1].map((user) => [0, 1, 2, 3, 4].filter((item) => likes(user, item)));

  expect(liked).toEqual([
    [0, 1, 3],
    [2, 4],
  ]);
});
