import {
  type Embedder,
  extractShard,
  finishStore,
  type ItemSource,
  shardCount,
} from '@rodpo/features';
import { sha256Of } from '@rodpo/files';
import { completeShards, type ShardQueue } from '@rodpo/queue';
import type { Modality } from '../config/feature-settings.ts';
import { queueIncomplete } from '../run/queue-incomplete.ts';
import type { Run } from '../run/run.ts';

export interface Extraction {
  readonly run: Run;
  readonly modality: Modality;
  readonly source: ItemSource<string>;
  readonly embedder: Embedder<string>;
}

interface QueueOptions {
  /** A Redis URL. */
  readonly queue: string;
  readonly retryFailed?: boolean;
  readonly strict?: boolean;
}

/**
 * Queues the shards that are not queued yet, and makes what it can get of them, until no worker has
 * any left. Every machine calls this; the last one to end completes the store.
 *
 * @throws {QueueIncompleteError} if shards were given up
 */
export async function extractByQueue(
  extraction: Extraction,
  { queue: connection, retryFailed = false, strict = false }: QueueOptions,
): Promise<void> {
  const { run, modality, source, embedder } = extraction;
  const { shardSize, batchSize, concurrency } = run.config.features;
  const folder = run.file('features', modality);
  const options = { folder, shardSize, batchSize, concurrency, strict };
  const count = shardCount(source.itemCount, shardSize);
  const queue: ShardQueue = { connection, name: nameOf(extraction) };

  const { itemCount } = source;
  const bar = run.reporter.progress(`${modality} vectors`, count, 'shards');
  const report = await completeShards(
    queue,
    (index, { signal, assertOwned }) =>
      extractShard(source, embedder, index, { ...options, signal, beforeSave: assertOwned }),
    {
      shardCount: count,
      retryFailed,
      missing: async () => {
        const store = await finishStore(folder, { itemCount, shardSize });
        return store.complete ? [] : store.missingShards;
      },
      onSentAgain: (lost) =>
        run.reporter.say(`${modality}: the queue has lost ${lost} shards; they are sent again`),
      signal: run.signal,
      onDone: () => bar.advance(1),
      onFailed: (index, error, attemptsLeft) => {
        run.reporter.say(`shard ${index}: ${error.message} (${attemptsLeft} attempts left)`);
      },
    },
  );
  if (report.done > 0) await run.recordVersions();
  run.signal.throwIfAborted();
  bar.done(`${modality}: made ${report.done} of ${count} shards from queue ${queue.name}`);
  const finished = await finishStore(folder, { itemCount, shardSize });
  if (!finished.complete) {
    const left = { ...report, missing: finished.missingShards };
    const describe = (index: number) => `shard ${index}`;
    throw queueIncomplete(queue, left, { units: 'shards', describe, otherwise: 'extract' });
  }
  run.reporter.say(`${modality}: ${finished.manifest.presentCount} vectors in ${folder}`);
}

/** Equal on every machine, and another one for another extraction. */
function nameOf({ run, modality, source, embedder }: Extraction): string {
  const { shardSize } = run.config.features;
  const identity = [run.id, embedder.description, source.itemCount, shardSize];
  const digest = sha256Of(JSON.stringify(identity)).slice(0, 12);
  return `rodpo-${modality}-${digest}`;
}
