import { ActionableError } from '@rodpo/errors';
import {
  type Embedder,
  extractShard,
  finishStore,
  type ItemSource,
  shardCount,
} from '@rodpo/features';
import { sha256Of } from '@rodpo/files';
import { type CompleteReport, completeShards, type ShardQueue } from '@rodpo/queue';
import type { Modality } from '../config/feature-settings.ts';
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
class ExtractionIncomplete extends ActionableError {
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
  run.signal.throwIfAborted();
  bar.done(`${modality}: made ${report.done} of ${count} shards from queue ${queue.name}`);
  const finished = await finishStore(folder, { itemCount, shardSize });
  if (!finished.complete) throw incomplete(queue, finished.missingShards, report);
  run.reporter.say(`${modality}: ${finished.manifest.presentCount} vectors in ${folder}`);
}

/** Equal on every machine, and another one for another extraction. */
function nameOf({ run, modality, source, embedder }: Extraction): string {
  const { shardSize } = run.config.features;
  const identity = [run.id, embedder.description, source.itemCount, shardSize];
  const digest = sha256Of(JSON.stringify(identity)).slice(0, 12);
  return `rodpo-${modality}-${digest}`;
}

function incomplete(
  queue: ShardQueue,
  missing: readonly number[],
  { deadLetters }: CompleteReport,
): ExtractionIncomplete {
  const [first] = deadLetters;
  return new ExtractionIncomplete(
    `${missing.length} shards are missing, and the queue ${queue.name} has nothing left to do. ` +
      (first
        ? `${deadLetters.length} were given up; shard ${first.shardIndex}: ${first.error}. ` +
          'Mend the cause and pass --retry-failed.'
        : 'They were sent again and again and left no files: see that all processes use the same ' +
          'folder and that Redis keeps its data, or extract without --queue.'),
  );
}
