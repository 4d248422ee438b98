import { readdir } from 'node:fs/promises';
import { isActionable } from '@rodpo/errors';
import { seededRandom } from '@rodpo/random';
import { exportEncoder, NewItemsError } from '@rodpo/recipe';
import { expectAllClose } from '@rodpo/testing';
import { gather, mean, ones, tensor, tensor2d, tile } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import { openItemEncoder } from '../src/adding/item-encoder.ts';
import { NewItemError, type NewItemProblem } from '../src/adding/new-item.ts';
import { folderSource } from '../src/bundle/folder-source.ts';
import { readBundle } from '../src/bundle/read-bundle.ts';
import { writeBundle } from '../src/bundle/write-bundle.ts';
import { openBundle, type Recommender } from '../src/open-bundle.ts';
import { nativeSessions } from '../src/reading/native-sessions.ts';
import { usearchIndex } from '../src/scan/usearch-index.ts';
import { exported, itemCount, kinds, newFolder, timeOf, trained } from './models.ts';

const openSession = nativeSessions({ threads: 1 });
const kind = (name: string) => kinds[name]!;
const ofTexts = await trained(kind('texts alone'));
const folder = await exported(ofTexts);
const texts = ofTexts.workspace.features['features.text.vectors']!.array!.data as Float32Array;
const textOf = (item: number) => texts.slice(item * 6, (item + 1) * 6);
const random = seededRandom(3);
const anyText = () => Float32Array.from({ length: 6 }, () => random() - 0.5);

const opened: Recommender[] = [];
async function open(
  where = folder,
  index: 'exact' | 'approximate' = 'exact',
): Promise<Recommender> {
  const recommender = await openBundle(where, { threads: 1, index });
  opened.push(recommender);
  return recommender;
}
afterEach(async () => {
  for (const recommender of opened.splice(0)) await recommender.dispose();
});

const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);

test('texts alone: known items by their texts are what was exported, to 1e-5', async () => {
  const { newItems, vectors, settings, items } = await readBundle(folderSource(folder));
  const { width, modalities } = settings;
  expect(modalities).toEqual({ text: 6 });
  const encoder = await openItemEncoder(newItems!, { modalities: modalities!, width, openSession });
  // More than are read together, and one alone.
  const many = Array.from({ length: 20 }, () => items).flat();
  const read = (list: typeof items) =>
    encoder.encode(list.map((item) => ({ ...item, vectors: { text: textOf(Number(item.id)) } })));
  const found = await read(many);
  const one = await read([items[7]!]);
  await encoder.dispose();

  for (let round = 0; round < 20; round++) {
    const own = found.subarray(round * vectors.length, (round + 1) * vectors.length);
    expectAllClose(own, vectors, { absolute: 1e-5, relative: 0 });
  }
  expectAllClose(one, vectors.subarray(7 * width, 8 * width), { absolute: 1e-5, relative: 0 });
});

describe.each(Object.keys(kinds).filter((name) => kind(name).hasVectors))('%s', (name) => {
  test('a new item is in answers, histories and similar as its vector has it', async () => {
    const model = await trained(kind(name));
    const recommender = await open(await exported(model));
    const parts = await exportEncoder(model.workspace, model.weights);
    await model.workspace.dispose();
    const { width } = await readShape(parts);
    const encoder = await openItemEncoder(parts.newItems!, {
      modalities: { text: 6 },
      width,
      openSession,
    });
    const twin = { id: 'twin', vectors: { text: textOf(9) } };
    const [vector] = [await encoder.encode([twin])];
    await encoder.dispose();
    expect(vector!.every(Number.isFinite)).toBe(true);

    const ask = (last: string) => ({
      history: ['03', '04', last],
      times: [0, 1, 2].map(timeOf),
      count: itemCount + 2,
      repeats: true,
    });
    const before = await recommender.recommend(ask('05'));
    await recommender.add([
      { ...twin, title: 'Twin', attributes: { third: 7 } },
      { id: 'other', vectors: { text: anyText() } },
    ]);
    const after = await recommender.recommend(ask('05'));

    // Nothing that was known changes, and the two have the scores that their vectors give them.
    const known = after.items.filter(({ id }) => id !== 'twin' && id !== 'other');
    expect(after.items).toHaveLength(itemCount + 2);
    expect(known).toEqual(before.items);
    expect(after.items.find(({ id }) => id === 'twin')).toMatchObject({
      title: 'Twin',
      attributes: { third: 7 },
    });
    expect(after.items.find(({ id }) => id === 'twin')).not.toHaveProperty('vectors');
    const saved = await newFolder();
    await recommender.save(saved);
    const { vectors } = await readBundle(folderSource(saved));
    expectAllClose(vectors.subarray(itemCount * width, (itemCount + 1) * width), vector!, {
      absolute: 1e-6,
      relative: 0,
    });

    // In a history it is read, and left out of the answer.
    const { items, unknown } = await recommender.recommend({ ...ask('twin'), repeats: false });
    expect(unknown).toEqual([]);
    expect(idsOf(items)).not.toContain('twin');
    const only = await recommender.recommend({
      ...ask('05'),
      filter: (item) => item.title === 'Twin',
    });
    expect(idsOf(only.items)).toEqual(['twin']);
    const near = await recommender.similar('twin', { count: itemCount + 1 });
    expect(near).toHaveLength(itemCount + 1);
    if (name === 'texts alone') {
      expect(near[0]).toMatchObject({ id: '09', score: expect.closeTo(1, 5) });
    }
    expect((await recommender.similar('09', { filter: ['twin'] }))[0]).toMatchObject({
      id: 'twin',
      score: expect.closeTo(near.find(({ id }) => id === '09')!.score, 5),
    });
  });
});

const readShape = async ({ items }: { readonly items: { readonly shape: readonly number[] } }) => ({
  width: items.shape[1]!,
});

test('texts alone: the twin of an item is scored and read as it is', async () => {
  const recommender = await open();
  await recommender.add([{ id: 'twin', vectors: { text: textOf(9) } }]);
  const scoresAfter = async (history: string[]) => {
    const { items } = await recommender.recommend({ history, count: itemCount + 1, repeats: true });
    return new Map(items.map(({ id, score }) => [id, score]));
  };
  const [plain, twin] = [await scoresAfter(['03', '09']), await scoresAfter(['03', 'twin'])];

  expect(plain.size).toBe(itemCount + 1);
  expect(plain.get('twin')).toBeCloseTo(plain.get('09')!, 5);
  for (const [id, score] of plain) expect(twin.get(id)).toBeCloseTo(score, 5);
});

test('more items than are scored together, in many calls, are all found as if they were exported', async () => {
  const recommender = await open();
  const added = Array.from({ length: 2 * itemCount + 7 }, (_, item) => ({
    id: `new-${item}`,
    vectors: { text: anyText() },
  }));
  await recommender.add(added.slice(0, 50));
  await recommender.add(added.slice(50, 51));
  await recommender.add([]);
  await recommender.similar('03');
  await recommender.add(added.slice(51));
  const saved = await newFolder();
  await recommender.save(saved);
  const reopened = await open(saved);

  expect(reopened.manifest.itemCount).toBe(3 * itemCount + 7);
  const requests = ['03', 'new-0', 'new-60', 'new-126'].map((last) => ({
    history: ['05', last],
    count: 3 * itemCount + 7,
    diversity: 0,
  }));
  const [found, expected] = [
    await recommender.recommendAll(requests),
    await reopened.recommendAll(requests),
  ];
  for (const [at, { items }] of found.entries()) {
    expect(items).toHaveLength(3 * itemCount + 5);
    expect(idsOf(items)).toEqual(idsOf(expected[at]!.items));
  }
  expect(idsOf(await recommender.similar('new-126', { count: 20 }))).toEqual(
    idsOf(await reopened.similar('new-126', { count: 20 })),
  );
  const various = { history: ['new-3'], diversity: 0.5 };
  expect(idsOf((await recommender.recommend(various)).items)).toEqual(
    idsOf((await reopened.recommend(various)).items),
  );
  // By popularity they come last, in the order in which they came.
  const popular = await recommender.recommend({ count: 3 * itemCount + 7 });
  expect(idsOf(popular.items).slice(-(2 * itemCount + 7))).toEqual(idsOf(added));
  expect(popular.items.at(-1)!.score).toBe(0);
  expect(idsOf((await recommender.recommend({ filter: ['new-8', 'new-4'] })).items)).toEqual([
    'new-4',
    'new-8',
  ]);
});

test('beside an index new items are scored exactly', async () => {
  const written = await newFolder();
  const histories = Array.from({ length: 20 }, (_, user) => ({ items: [user, user + 7] }));
  await writeBundle(written, await readBundle(folderSource(folder)), {
    buildIndex: usearchIndex({ histories }),
  });
  const [fast, slow] = [await open(written, 'approximate'), await open(written)];
  const added = Array.from({ length: 80 }, (_, item) => ({
    id: `new-${item}`,
    vectors: { text: anyText() },
  }));
  await fast.add(added);
  await slow.add(added);
  const requests = ['new-0', 'new-79', '05'].flatMap((last) =>
    [5, itemCount + 80].map((count) => ({ history: ['03', last], count })),
  );
  const [found, expected] = [await fast.recommendAll(requests), await slow.recommendAll(requests)];

  expect(found.map(({ items }) => idsOf(items))).toEqual(expected.map(({ items }) => idsOf(items)));
  expect(found.some(({ items }) => items[0]!.id.startsWith('new-'))).toBe(true);
});

async function refused(
  adding: Promise<void>,
  problem: NewItemProblem,
  message: RegExp,
): Promise<void> {
  const failure = await adding.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(NewItemError);
  expect(failure).toMatchObject({ problem, message: expect.stringMatching(message) });
  expect(isActionable(failure)).toBe(true);
}

test.each<[NewItemProblem, RegExp, { id: string; vectors: Record<string, Float32Array> }[]]>([
  ['duplicate', /Item "03" is in the bundle/, [{ id: '03', vectors: { text: anyText() } }]],
  [
    'duplicate',
    /Item "a" stands twice/,
    ['a', 'b', 'a'].map((id) => ({ id, vectors: { text: anyText() } })),
  ],
  ['vectors', /at least one of "text", got none/, [{ id: 'a', vectors: {} }]],
  ['vectors', /reads "text", got "image"/, [{ id: 'a', vectors: { image: anyText() } }]],
  [
    'vectors',
    /reads "text", got "constructor"/,
    [{ id: 'a', vectors: { constructor: anyText() } as never }],
  ],
  ['vectors', /6 numbers of "text", got 5/, [{ id: 'a', vectors: { text: new Float32Array(5) } }]],
  [
    'vectors',
    /"text" must hold finite float32 numbers, got NaN at 2/,
    [{ id: 'a', vectors: { text: anyText().fill(Number.NaN, 2, 3) } }],
  ],
  [
    'vectors',
    /"text" must hold finite float32 numbers, got 1e\+39 at 3/,
    [{ id: 'a', vectors: { text: [0, 0, 0, 1e39, 0, 0] as never } }],
  ],
])('%s: %s', async (problem, message, items) => {
  const recommender = await open();

  // All or none: what is right comes first.
  const right = { id: 'right', vectors: { text: anyText() } };
  await refused(recommender.add([right, ...items]), problem, message);
  expect(recommender.item('right')).toBeUndefined();
  await recommender.add([right]);
  expect(recommender.item('right')).toEqual({ id: 'right' });
});

test('of two calls at once that add one id, one is refused', async () => {
  const recommender = await open();
  const add = () => recommender.add([{ id: 'same', vectors: { text: anyText() } }]);
  const results = await Promise.allSettled([add(), add()]);

  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await recommender.recommend({ history: ['03'], count: 99 })).items).toHaveLength(
    itemCount,
  );
});

test('the folder is not changed by what is added', async () => {
  const recommender = await open();
  const before = await readBundle(folderSource(folder));
  await recommender.add([{ id: 'gone', vectors: { text: anyText() } }]);

  expect(await readBundle(folderSource(folder))).toEqual(before);
  expect((await open()).item('gone')).toBeUndefined();
});

test('of ids alone there is no item side, and asking says why', async () => {
  const model = await trained(kind('ids alone'));
  const plain = await exported(model);
  const recommender = await open(plain);

  expect(await exportEncoder(model.workspace, model.weights)).not.toHaveProperty('newItems');
  const asked = exportEncoder(model.workspace, model.weights, { newItems: true });
  await expect(asked).rejects.toThrow(NewItemsError);
  await expect(asked).rejects.toThrow(/knows items by their ids alone/);
  expect(await readdir(plain)).not.toContain('new-items.onnx');
  await refused(
    recommender.add([{ id: 'a', vectors: { text: anyText() } }]),
    'unsupported',
    /knows items by their ids alone/,
  );
  await model.workspace.dispose();
});

test('the item side can be left out, and is not written without what it reads', async () => {
  const without = await exportEncoder(ofTexts.workspace, ofTexts.weights, { newItems: false });
  const bundle = await readBundle(folderSource(folder));
  const { modalities: _, ...settings } = bundle.settings;

  expect(without).not.toHaveProperty('newItems');
  expect(without).not.toHaveProperty('modalities');
  await expect(writeBundle(await newFolder(), { ...bundle, settings })).rejects.toThrow(
    /belong together/,
  );
  await expect(writeBundle(await newFolder(), { ...bundle, newItems: undefined })).rejects.toThrow(
    /belong together/,
  );
});

test('the row of a new item is the mean of those that were learned from', async () => {
  const early = await trained(kind('ids and texts, fused early'));
  const { workspace, weights } = early;
  const { set, encoder } = workspace;
  // As if a few users were all that there is: most items have rows that nothing was learned of.
  const few = { ...workspace, set: { ...set, lengths: set.lengths.subarray(0, 2) } };
  const learned = [...new Set([0, 1].flatMap((user) => [...set.items(user)]))];
  const { newItems, modalities } = await exportEncoder(few, weights);
  await workspace.dispose();
  const item = { id: 'new', vectors: { text: anyText() } };
  const { width } = encoder;
  const session = await openItemEncoder(newItems!, { modalities: modalities!, width, openSession });
  const found = await session.encode([item]);
  await session.dispose();

  // By tfjs, op by op: this text under each of their ids.
  const tensors = Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [name, tensor(data, [...shape])]),
  );
  const text = { vectors: tensor2d(item.vectors.text, [1, 6]), present: ones([1]) };
  const known = encoder.itemVectors(
    { ...tensors, items: gather(tensors.items!, learned) },
    { text: { vectors: tile(text.vectors, [learned.length, 1]), present: ones([learned.length]) } },
  );
  expect(learned.length).toBeLessThan(itemCount / 2);
  expectAllClose(found, mean(known, 0).dataSync(), { absolute: 1e-5, relative: 1e-5 });
});
