import { mkdir } from 'node:fs/promises';
import { requirePositiveInteger } from '@rodpo/errors';
import type { Embedder } from '../embedder.ts';
import type { ItemSource } from '../item.ts';
import { countFailures, type Failure } from '../store/failure.ts';
import { type ShardBuilder, shardBuilder } from '../store/shard-builder.ts';
import { shardRange } from '../store/shard-range.ts';
import { ahead } from './ahead.ts';
import { embedBatch } from './embed-batch.ts';
import type { ExtractShardOptions, ShardReport } from './extract-shard.ts';
import { limit as limitTo } from './limit.ts';
import { planShards, type Task } from './plan-shards.ts';
import { type Outcome, prepareBatch } from './prepare-batch.ts';
import { trackProgress } from './progress.ts';
import { saveShard } from './save-shard.ts';
import { type ShardSettings, shardSettings } from './shard-settings.ts';
import type { WantedShard } from './wanted-shard.ts';

/** Batches in preparation or prepared, besides the one that is embedded. */
const batchesAhead = 2;

/**
 * Makes shards one after the other. While a batch is embedded, the next two are prepared and the
 * shard before is written: three batches of inputs and two shards of vectors are in memory.
 */
export async function makeShards<Input>(
  source: ItemSource<Input>,
  embedder: Embedder<Input>,
  indexes: readonly number[],
  options: ExtractShardOptions,
): Promise<ShardReport[]> {
  const settings = shardSettings(options);
  requirePositiveInteger('dimension', embedder.dimension, 'Correct the embedder.');
  const { folder, shardSize, strict, signal } = settings;
  const total = countItems(indexes, source.itemCount, shardSize);
  const { addKept, addMade } = trackProgress(total, options.clock);
  await mkdir(folder, { recursive: true });
  const reports: ShardReport[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  let builder: ShardBuilder | undefined;
  try {
    for await (const { task, outcomes } of prepareAhead(source, embedder, indexes, settings)) {
      const { shard, kept } = task;
      if (kept) {
        reports.push(report(shard, kept.failures, true));
        options.onProgress?.(addKept(shard.itemCount, kept.failures.length));
        continue;
      }
      signal?.throwIfAborted();
      builder ??= shardBuilder(shard.dimension, shard.itemCount);
      const failed = await embedBatch(embedder, outcomes, { shard: builder, strict });
      if (builder.itemCount === shard.itemCount) {
        await writing;
        writing = saveShard(shard, builder, settings);
        writing.catch(() => {}); // thrown by whoever waits for it
        reports.push(report(shard, builder.failures, false));
        builder = undefined;
      }
      options.onProgress?.(addMade(outcomes.length, failed));
    }
  } finally {
    await Promise.allSettled([writing]);
  }
  await writing;
  return reports;
}

interface PreparedTask<Input> {
  readonly task: Task<Input>;
  readonly outcomes: readonly Outcome[];
}

function prepareAhead<Input>(
  source: ItemSource<Input>,
  embedder: Embedder<Input>,
  indexes: readonly number[],
  settings: ShardSettings,
): AsyncGenerator<PreparedTask<Input>, void> {
  const { concurrency, strict, signal } = settings;
  const limit = limitTo(concurrency);
  const tasks = planShards(source, embedder, indexes, settings);
  return ahead(tasks, batchesAhead, async (task, stop) => {
    if (task.kept) return { task, outcomes: [] };
    const signals = signal ? [stop, signal] : [stop];
    return { task, outcomes: await prepareBatch(embedder, task.batch, { limit, strict, signals }) };
  });
}

function countItems(indexes: readonly number[], itemCount: number, shardSize: number): number {
  return indexes.reduce((count, index) => {
    const { start, end } = shardRange(index, itemCount, shardSize);
    return count + end - start;
  }, 0);
}

function report(
  { index, itemCount }: WantedShard,
  failures: readonly Failure[],
  kept: boolean,
): ShardReport {
  const embeddedCount = itemCount - failures.length;
  return { index, itemCount, embeddedCount, failures: countFailures(failures), kept };
}
