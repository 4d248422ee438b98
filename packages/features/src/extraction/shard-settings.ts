import { requirePositiveInteger } from '@rodpo/errors';
import { defaultShardSize } from '../store/shard-range.ts';
import type { ExtractShardOptions } from './extract-shard.ts';

/** Options with their defaults, checked. */
export interface ShardSettings {
  readonly folder: string;
  readonly shardSize: number;
  readonly batchSize: number;
  readonly concurrency: number;
  readonly strict: boolean;
  readonly retryFailures: boolean;
  readonly force: boolean;
  readonly signal: AbortSignal | undefined;
  readonly beforeSave: (() => Promise<void>) | undefined;
}

/** @throws {RangeError} if a number is out of range */
export function shardSettings({
  folder,
  shardSize = defaultShardSize,
  batchSize = 32,
  concurrency = 4,
  strict = false,
  retryFailures = strict,
  force = false,
  signal,
  beforeSave,
}: ExtractShardOptions): ShardSettings {
  for (const [name, value] of Object.entries({ shardSize, batchSize, concurrency })) {
    requirePositiveInteger(name, value);
  }
  return {
    folder,
    shardSize,
    batchSize,
    concurrency,
    strict,
    retryFailures,
    force,
    signal,
    beforeSave,
  };
}
