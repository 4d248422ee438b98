import { transformerEncoder } from '@rodpo/encoder';
import { setBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rank } from '../src/ranking/rank.ts';
import { recommend } from '../src/ranking/recommend.ts';
import { pretrain } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import type { Weights } from '../src/workspace/weights.ts';
import type { Workspace } from '../src/workspace/workspace.ts';
import { maxLength, smallDataset, smallSizes, smallWorkspace } from './small-workspace.ts';

const itemCount = 40;
const engine = compiledEngine({ threads: 1 });
let workspace: Workspace;
let weights: Weights;
beforeAll(async () => {
  await setBackend('cpu');
  workspace = smallWorkspace({ engine, dataset: smallDataset(400) });
  ({ weights } = await pretrain(workspace, { maxEpochs: 2, learningRate: 0.01 }));
});
afterAll(() => workspace.dispose());

test('an item stands in a list where the ranker ranks it', async () => {
  const { ranks } = await rank(workspace, weights, 'test');
  const cases = workspace.split.test;
  const histories = [...cases].map(({ history }) => ({ items: history }));
  const lists = await recommend(workspace, weights, histories, itemCount, { repeats: true });

  expect(cases.length).toBeGreaterThan(256); // more than are answered together
  for (const [index, { target }] of cases.entries()) {
    expect([...lists[index]!.items].sort((a, b) => a - b)).toEqual([...Array(itemCount).keys()]);
    const place = lists[index]!.items.indexOf(target) + 1;
    expect(Math.abs(place - ranks[index]!)).toBeLessThanOrEqual(1); // rounding swaps neighbours
    const { scores } = lists[index]!;
    expect([...scores].every(Number.isFinite)).toBe(true);
    expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
  }
});

test('what was chosen does not come again, the rest keeps its order', async () => {
  const long = Int32Array.from({ length: maxLength + 5 }, (_, place) => (3 * place) % itemCount);
  const [all] = await recommend(workspace, weights, [{ items: long }], itemCount, {
    repeats: true,
  });
  const [five] = await recommend(workspace, weights, [{ items: long }], 5);
  const expected = [...all!.items].filter((item) => !long.includes(item));

  expect([...five!.items]).toEqual(expected.slice(0, 5));
  // No more than there are.
  const [most] = await recommend(workspace, weights, [{ items: long }], 1000);
  expect([...most!.items]).toEqual(expected);
});

test('nobody asked, nothing answered', async () => {
  expect(await recommend(workspace, weights, [], 3)).toEqual([]);
});

test.each([
  [[], 3, /histories\[0\] is empty/],
  [[0, 40], 3, /histories\[0\] must hold indices of the 40 items, got 40/],
  [[-1], 3, /histories\[0\] must hold indices of the 40 items, got -1/],
  [[1], 0, /count must be a positive integer, got 0/],
])('the history %j and count %d are refused', async (items, count, message) => {
  const asking = recommend(workspace, weights, [{ items: Int32Array.from(items) }], count);

  await expect(asking).rejects.toThrow(message);
});

test.each([
  // The row of an item that is not asked about: it would be missing from the list.
  ['a row of an item', 'items', 16 * 7],
  ['what users are read by', 'block0.feedForward.down.bias', 0],
])('%s that is no number gives no list', async (_, name, place) => {
  const { shape, data } = weights[name]!;
  const broken = data.slice() as Float32Array;
  broken[place] = Number.NaN;
  const changed = { ...weights, [name]: { shape, data: broken } };
  const asking = recommend(workspace, changed, [{ items: Int32Array.of(1) }], 3);

  await expect(asking).rejects.toThrow(/scores are not numbers for 1 of 1 users/);
});

test('an encoder that reads times needs those of each history', async () => {
  const plain = smallDataset();
  const times = [...plain.sequences].map((own) =>
    Float64Array.from(own, (_, place) => 100 * place ** 2),
  );
  const timed = smallWorkspace({
    engine,
    dataset: { ...plain, times },
    intervals: { count: 32 },
    encoder: transformerEncoder({
      ...smallSizes,
      itemCount,
      positions: 'intervals',
    }),
  });
  const own = await pretrain(timed, { maxEpochs: 1, learningRate: 0.01 });
  const { ranks } = await rank(timed, own.weights, 'validation');
  const [first] = timed.split.validation;
  const items = first!.history;
  const history = { items, times: times[first!.user]!.subarray(0, items.length) };
  const [list] = await recommend(timed, own.weights, [history], itemCount, { repeats: true });

  expect(Math.abs(list!.items.indexOf(first!.target) + 1 - ranks[0]!)).toBeLessThanOrEqual(1);
  await expect(recommend(timed, own.weights, [{ items }], 3)).rejects.toThrow(
    /histories\[0\] must have one of each of its \d+ items, got none/,
  );
  await timed.dispose();
});
