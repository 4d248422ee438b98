import { cp, rm } from 'node:fs/promises';
import { FileDamagedError, readSafetensors, writeSafetensors, writeSealedJson } from '@rodpo/files';
import { expect, test } from 'vitest';
import { type Dataset, loadDataset, saveDataset } from '../src/data/dataset.ts';
import { prepare } from '../src/stages/prepare.ts';
import { tinyRun } from './tiny-run.ts';

const dataset: Dataset = {
  userIds: ['a', 'b', 'c'],
  itemIds: ['x', 'y'],
  sequences: [Int32Array.of(0, 1, 1), new Int32Array(0), Int32Array.of(1)],
};
// Neither float32 nor int32 could hold any of these but 0.
const times = [
  Float64Array.of(-1.1, 0, 881250949.0625),
  new Float64Array(0),
  Float64Array.of(2 ** 53 - 1),
];

test.each([
  ['nothing more', {}],
  ['times', { times }],
])('reads back what was saved: sequences and %s', async (_, more) => {
  const run = await tinyRun();
  await saveDataset(run, { ...dataset, ...more });
  const loaded = await loadDataset(run);

  expect(loaded).toStrictEqual({ ...dataset, ...more });
});

test('a run folder that has tastes as a matrix is still read', async () => {
  const run = await tinyRun();
  await saveDataset(run, dataset);
  const file = run.file('data', 'interactions.safetensors');
  const { tensors, metadata } = await readSafetensors(file);
  const liked = { shape: [3, 2], data: Uint8Array.of(0, 1, 1, 0, 0, 1) };
  await writeSafetensors(file, { ...tensors, liked }, metadata);
  const { tastes } = (await loadDataset(run))!;

  expect([0, 1, 2].map((user) => [0, 1].map((item) => tastes!.likes(user, item)))).toEqual([
    [false, true],
    [true, false],
    [false, true],
  ]);
});

test('nothing is loaded before all is saved', async () => {
  expect(await loadDataset(await tinyRun())).toBeUndefined();
});

test.each([
  ['sequences are gone', 'interactions.safetensors', undefined, /it is gone/],
  ['there are no users', 'ids.json', { itemIds: [] }, /does not hold the ids/],
  ['there are no items', 'ids.json', { userIds: [] }, /does not hold the ids/],
  ['ids are of another run', 'ids.json', { userIds: [], itemIds: [], run: 'x' }, /other settings/],
])('where %s, the file is called damaged', async (_, name, content, message) => {
  const run = await tinyRun();
  await saveDataset(run, dataset);
  const file = run.file('data', name);
  if (content) await writeSealedJson(file, { run: run.identity.inputs, ...content });
  else await rm(file);
  const loading = loadDataset(run);

  await expect(loading).rejects.toThrow(FileDamagedError);
  await expect(loading).rejects.toThrow(message);
  await expect(loading).rejects.toThrow(/delete the folder 'data'/);
});

test('sequences of other data are refused', async () => {
  const [run, other] = [await tinyRun(), await tinyRun({ data: { userCount: 201 } })];
  for (const one of [run, other]) await saveDataset(one, dataset);
  const name = ['data', 'interactions.safetensors'];
  await cp(other.file(...name), run.file(...name));

  await expect(loadDataset(run)).rejects.toThrow(FileDamagedError);
});

test('simulated clicks keep their times, through the k-core and the run folder', async () => {
  const run = await tinyRun();
  const { sequences, times: prepared } = await prepare(run);
  const again = await prepare(run);

  expect([...prepared!].map(({ length }) => length)).toEqual(
    [...sequences].map(({ length }) => length),
  );
  for (const own of prepared!) expect(own).toEqual(own.toSorted());
  expect(again.times).toEqual(prepared);
});
