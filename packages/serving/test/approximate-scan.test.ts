import { cp, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { InferenceSession } from 'onnxruntime-node';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Bundle } from '../src/bundle/bundle.ts';
import { BundleError } from '../src/bundle/bundle-error.ts';
import { writeBundle } from '../src/bundle/write-bundle.ts';
import { openBundle } from '../src/open-bundle.ts';
import type { ReadableHistory } from '../src/reading/history-reader.ts';
import { nativeSessions } from '../src/reading/native-sessions.ts';
import { approximateScan } from '../src/scan/approximate-scan.ts';
import { openScan } from '../src/scan/exact-scan.ts';
import { IndexError, usearchIndex } from '../src/scan/usearch-index.ts';
import { idOf, newFolder } from './models.ts';
import { ranked, smallBundle, vectorOf, width } from './small-bundle.ts';

const itemCount = 3000;
const histories = Array.from({ length: 60 }, (_, user) => ({ items: [user * 7, user * 11] }));
let bundle: Bundle;
let folder: string;
beforeAll(async () => {
  const normal = gaussianRandom(seededRandom(4));
  const vectors = Float32Array.from({ length: itemCount * width }, () => normal());
  bundle = await smallBundle(itemCount, { vectors }, 1000);
  folder = await newFolder();
  await writeBundle(folder, bundle, { buildIndex: usearchIndex({ histories, recall: 0.99 }) });
});

test('the recall in the manifest is what the index finds of the best by a full sort', async () => {
  const opened = await openBundle(folder, { index: 'approximate', threads: 1 });
  const { recall } = opened.manifest.index!;
  const requests = histories.map(({ items }) => ({ history: items.map(idOf), repeats: true }));
  const answers = await opened.recommendAll(requests);
  await opened.dispose();

  let found = 0;
  for (const [user, { items }] of answers.entries()) {
    const best = ranked(bundle, vectorOf(bundle, histories[user]!.items[1]!)).slice(0, 10);
    const ids = new Set(best.map(({ item }) => idOf(item)));
    found += items.filter(({ id }) => ids.has(id)).length;
    expect(items.map(({ score }) => score)).toEqual(
      items.map(({ score }) => score).sort((a, b) => b - a),
    );
    const own = best.find(({ item }) => idOf(item) === items[0]!.id);
    if (own) expect(items[0]!.score).toBeCloseTo(own.score, 5);
  }
  expect(recall).toBeGreaterThanOrEqual(0.99);
  expect(found / 600).toBeCloseTo(recall, 10);
});

test('histories and exclusions stay out, and a filter is exact', async () => {
  const [fast, slow] = [
    await openBundle(folder, { index: 'approximate', threads: 1 }),
    await openBundle(folder, { threads: 1 }),
  ];
  const plain = { history: ['05', '042'], exclude: ['07', '08'], count: 40 };
  const rare = { history: ['05', '042'], filter: [idOf(3), idOf(2999), idOf(100)] };
  const { items } = await fast.recommend(plain);
  const left = new Set([...plain.history, ...plain.exclude]);

  expect(items).toHaveLength(40);
  expect(items.some(({ id }) => left.has(id))).toBe(false);
  expect(await fast.recommend(rare)).toEqual(await slow.recommend(rare));
  expect((await fast.recommend(rare)).items).toHaveLength(3);
  expect(await fast.similar('05')).toEqual(await slow.similar('05'));
  const mixed = await fast.recommendAll([plain, rare, {}, plain]);
  expect(mixed[1]).toEqual(await slow.recommend(rare));
  expect(mixed[2]!.source).toBe('popularity');
  expect(mixed[3]).toEqual(mixed[0]);
  await fast.dispose();
  await slow.dispose();
});

test('where the index finds too little, every item is scored', async () => {
  const exact = await openScan(bundle, nativeSessions({ threads: 1 }));
  const index = { search: () => [1, 2] };
  const scan = approximateScan(bundle, { exact, index });
  const user = Float32Array.of(1, -1, 0.5, 2);
  const request = { count: 5, isWanted: (item: number) => item !== 1, refused: 1 };

  expect(await scan.best(user, [request])).toEqual(await exact.best(user, [request]));
  await scan.dispose();
});

test('a bundle without an index, or without its file, is told', async () => {
  const plain = await newFolder();
  await writeBundle(plain, bundle);
  await expect(openBundle(plain, { index: 'approximate' })).rejects.toThrow(
    /there is no index in this bundle\. Export it with --index/,
  );
  const broken = await newFolder();
  await cp(folder, broken, { recursive: true });
  await rm(join(broken, 'index.usearch'));
  await expect(openBundle(broken)).rejects.toThrow(BundleError);
});

test('an index that cannot find enough is not written', async () => {
  const target = await newFolder();
  const write = (options: Parameters<typeof usearchIndex>[0]) =>
    writeBundle(target, bundle, { buildIndex: usearchIndex(options) });

  await expect(write({ histories: [] })).rejects.toThrow(IndexError);
  await expect(write({ histories, recall: 1.01 })).rejects.toThrow(
    /No index finds 1\.01 of the ten best items: the best of them found (1|0\.9\d)/,
  );
});

test.each<[ReadableHistory, string]>([
  [{ items: [] }, 'histories[1] has no items to measure the index on. Leave it out.'],
  [
    { items: [7, 3000] },
    'histories[1].items must be indices of the 3000 items of the bundle, got 3000',
  ],
  [{ items: [-1] }, 'got -1'],
  [{ items: [0.5] }, 'got 0.5'],
  [{ items: [7, 11] }, 'histories[1].times must have one of each of the 2 items'],
  [{ items: [7, 11], times: [2, 1] }, 'histories[1].times must be finite and in order'],
  [{ items: [7, 11], times: [1, 1e300] }, 'got 1e+300 at 1, too far'],
])('an index is not measured on the history %j', async (history, message) => {
  const target = await newFolder();
  const times = { first: 0, last: 10, count: 8, perOctave: 1 };
  const timed = { ...bundle, settings: { ...bundle.settings, times } };
  const right = { items: [7, 11], times: [1, 2] };
  const buildIndex = usearchIndex({ histories: [right, history] });
  const written = writeBundle(target, timed, { buildIndex });

  await expect(written).rejects.toThrow(IndexError);
  await expect(written).rejects.toThrow(message);
  expect(await readdir(dirname(target))).toEqual([]);
});

test('an index that cannot be measured leaves no session behind', async () => {
  const session = await InferenceSession.create(bundle.scores);
  const release = vi.spyOn(Object.getPrototypeOf(session) as typeof session, 'release');
  const broken = { ...bundle, scores: new Uint8Array(3) };
  const written = writeBundle(await newFolder(), broken, {
    buildIndex: usearchIndex({ histories }),
  });

  await expect(written).rejects.toThrow(/protobuf|model/i);
  expect(release).toHaveBeenCalledOnce(); // the reader, which was open by then
  release.mockRestore();
  await session.release();
});
