import { type ExtractionProgress, extract, itemList } from '@rodpo/features';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { fakeEmbedder, someItems } from './fake-embedder.ts';

test('progress tells items, failures, rate and time left', async () => {
  let milliseconds = 5000;
  const told: ExtractionProgress[] = [];
  const onEmbed = () => {
    milliseconds += 500;
  };
  await extract(itemList(someItems(10, { 2: 'bad' })), fakeEmbedder({ onEmbed }), {
    ...{ folder: temporaryFolder(), shardSize: 6, batchSize: 4 },
    ...{ clock: () => milliseconds, onProgress: (progress) => told.push(progress) },
  });

  // Batches of 4, 2 and 4 items, half a second each: 4 in 0.5 s, 6 in 1 s, 10 in 1.5 s.
  expect(told).toEqual([
    { done: 4, total: 10, failed: 1, perSecond: 8, secondsLeft: 6 / 8 },
    { done: 6, total: 10, failed: 1, perSecond: 6, secondsLeft: 4 / 6 },
    { done: 10, total: 10, failed: 1, perSecond: 10 / 1.5, secondsLeft: 0 },
  ]);
});

test('shards that were there count as done, but not in the rate', async () => {
  let milliseconds = 0;
  const clock = () => milliseconds;
  const folder = temporaryFolder();
  const options = { folder, shardSize: 4, clock };
  const items = itemList(someItems(12, { 0: 'bad' }));
  await extract(items, fakeEmbedder(), { ...options, shard: { index: 1, count: 3 } });
  const told: ExtractionProgress[] = [];
  const onEmbed = () => {
    milliseconds += 2000;
  };
  const source: typeof items = {
    itemCount: 12,
    read: (start, end) => {
      if (start === 0) milliseconds += 5000; // looking at what is there takes its time
      return items.read(start, end);
    },
  };
  await extract(source, fakeEmbedder({ onEmbed }), {
    ...options,
    onProgress: (progress) => told.push(progress),
  });

  expect(told).toEqual([
    { done: 4, total: 12, failed: 1, perSecond: 0, secondsLeft: Infinity },
    { done: 8, total: 12, failed: 1, perSecond: 2, secondsLeft: 2 },
    { done: 12, total: 12, failed: 1, perSecond: 2, secondsLeft: 0 },
  ]);
});

test('a share’s total is the share', async () => {
  const totals = new Set<number>();
  await extract(itemList(someItems(10)), fakeEmbedder(), {
    ...{ folder: temporaryFolder(), shardSize: 4, shard: { index: 3, count: 3 } },
    onProgress: ({ total }) => totals.add(total),
  });

  expect([...totals]).toEqual([2]);
});
