import { createHash } from 'node:crypto';
import {
  type Embedder,
  extractShard,
  finishStore,
  type ItemSource,
  shardCount,
} from '@rodpo/features';
import { deadLetters, enqueueShards, type ShardQueue, workShards } from '@rodpo/features/queue';
import type { Modality } from '../feature-settings.ts';
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

/** The queue is drained, and shards are still missing. */
export class ExtractionIncomplete extends Error {
  override readonly name = 'ExtractionIncomplete';
}

/**
 * Queues the shards that are not queued yet, and makes what it can get of them, until no worker has
 * any left. Every machine calls this; the last one to end completes the store.
 *
 * @throws {ExtractionIncomplete} if shards were given up
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

  await enqueueShards(queue, count, { retryFailed });
  const bar = run.reporter.progress(`${modality} vectors`, count, 'shards');
  const { done } = await workShards(
    queue,
    (index, signal) => extractShard(source, embedder, index, { ...options, signal }),
    {
      onDone: () => bar.advance(1),
      onFailed: (index, error, attemptsLeft) => {
        run.reporter.say(`shard ${index}: ${error.message} (${attemptsLeft} attempts left)`);
      },
    },
  );
  bar.done(`${modality}: made ${done} of ${count} shards from queue ${queue.name}`);
  const { itemCount } = source;
  const finished = await finishStore(folder, { itemCount, shardSize });
  if (!finished.complete) throw await incomplete(queue, finished.missingShards);
  run.reporter.say(`${modality}: ${finished.manifest.presentCount} vectors in ${folder}`);
}

/** Equal on every machine, and another one for another extraction. */
function nameOf({ run, modality, source, embedder }: Extraction): string {
  const { shardSize } = run.config.features;
  const identity = [run.config.output, embedder.description, source.itemCount, shardSize];
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 12);
  return `rodpo-${modality}-${digest}`;
}

async function incomplete(
  queue: ShardQueue,
  missing: readonly number[],
): Promise<ExtractionIncomplete> {
  const letters = await deadLetters(queue);
  const [first] = letters;
  return new ExtractionIncomplete(
    `${missing.length} shards are missing, and the queue ${queue.name} has nothing left to do. ` +
      (first
        ? `${letters.length} were given up; shard ${first.shardIndex}: ${first.error}. ` +
          'Mend the cause and pass --retry-failed.'
        : 'Their files were removed after they were made: extract without --queue to make them.'),
  );
}
