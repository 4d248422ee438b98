import type { Embedder } from '../embedder.ts';
import type { ItemSource } from '../item.ts';
import type { FailureCounts } from '../store/failure.ts';
import { makeShards } from './make-shards.ts';
import type { Clock, ExtractionProgress } from './progress.ts';

/**
 * Where a store is made, and how. Of these only `shardSize` shows in its bytes, and `batchSize`
 * where a model rounds differently in another batch.
 */
export interface ExtractShardOptions {
  /** The store, made if need be. */
  readonly folder: string;
  /** Items per shard. Default 1024. */
  readonly shardSize?: number;
  /** Items per call of `embed`. Batches do not reach across shards. Default 32. */
  readonly batchSize?: number;
  /** Inputs prepared at a time. Default 4. */
  readonly concurrency?: number;
  /** Stops at the first item that can have no vector, instead of recording it. Default false. */
  readonly strict?: boolean;
  /** Makes finished shards that hold failures once more. Default: as `strict`. */
  readonly retryFailures?: boolean;
  /** Replaces shards of another embedder or catalogue, instead of refusing. Default false. */
  readonly force?: boolean;
  /** Stops the run between items, with the signal's reason. Finished shards stay. */
  readonly signal?: AbortSignal;
  /** Called before a shard is written, and may stop that by throwing: `assertOwned` of a queue. */
  readonly beforeSave?: () => Promise<void>;
  /** Called after each batch, and each shard that was there already. */
  readonly onProgress?: (progress: ExtractionProgress) => void;
  /** For the rate. Default: `performance.now`. */
  readonly clock?: Clock;
}

/** What was done for one shard. */
export interface ShardReport {
  readonly index: number;
  readonly itemCount: number;
  readonly embeddedCount: number;
  readonly failures: FailureCounts;
  /** Whether it was there already, and no work was done. */
  readonly kept: boolean;
}

/**
 * Makes one shard of a store, unless it is there already: what a worker of a queue calls. It may
 * be called twice, or by two workers for the same shard: the bytes are the same. `finishStore`
 * completes the store.
 *
 * @throws {StoreError} if the folder has this shard from another embedder or catalogue, or damaged
 * @throws {ExtractionError} if an item or batch fails for another reason than its input, or for
 * any reason if strict
 * @throws {RangeError} if an option is out of range
 */
export async function extractShard<Input>(
  source: ItemSource<Input>,
  embedder: Embedder<Input>,
  index: number,
  options: ExtractShardOptions,
): Promise<ShardReport> {
  const [report] = await makeShards(source, embedder, [index], options);
  return report!;
}
