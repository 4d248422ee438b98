import { actionable, requirePositiveInteger } from '@rodpo/errors';
import type { Embedder } from '../embedder.ts';
import type { ItemSource } from '../item.ts';
import type { FailureCounts } from '../store/failure.ts';
import { finishStore } from '../store/finish-store.ts';
import { shardCount } from '../store/shard-range.ts';
import type { FailureReason } from '../unusable-input.ts';
import { existingShard } from './existing-shard.ts';
import type { ExtractShardOptions, ShardReport } from './extract-shard.ts';
import { makeShards } from './make-shards.ts';
import { shardSettings } from './shard-settings.ts';
import { readItems, wantedShard } from './wanted-shard.ts';

export interface ExtractOptions extends ExtractShardOptions {
  /** Makes only every `count`th shard: run once with each `index` from 1 to `count`. */
  readonly shard?: { readonly index: number; readonly count: number };
}

/** What a run did: of all shards, or of those it was told to make. */
export interface ExtractionReport {
  readonly itemCount: number;
  readonly embeddedCount: number;
  /** Items without a vector, by reason. */
  readonly failures: FailureCounts;
  readonly shardsMade: number;
  /** Shards that were there already. */
  readonly shardsKept: number;
  /** Whether the store has all its shards now, of this run and others, and can be opened. */
  readonly complete: boolean;
}

/**
 * Turns a catalogue into a store. Inputs are prepared, batches embedded and shards written at the
 * same time. A run that was stopped, even by `kill -9`, is taken up again by the same call:
 * finished shards are kept. Made anew are the shard in the making, the one before if it was being
 * written, and what was prepared ahead of the one after.
 *
 * Equal items, embedder and `shardSize` give equal bytes, whoever makes which shard and when. A
 * model may round differently in a batch of another size: then `batchSize` must be equal too.
 *
 * @throws {StoreError} if the folder has shards of another embedder or catalogue, or damaged ones
 * @throws {ExtractionError} if an item or batch fails for another reason than its input, or for
 * any reason if strict
 * @throws {RangeError} if an option is out of range, or the catalogue is empty
 */
export async function extract<Input>(
  source: ItemSource<Input>,
  embedder: Embedder<Input>,
  options: ExtractOptions,
): Promise<ExtractionReport> {
  const { folder, shardSize, force, shard = { index: 1, count: 1 } } = options;
  const { itemCount } = source;
  if (itemCount === 0)
    throw actionable(new RangeError('The catalogue is empty: there is nothing to extract'));
  const indexes = ownShards(shard, shardCount(itemCount, shardSize));
  const report = summarise(await makeShards(source, embedder, indexes, options));
  const isWhole = shard.count === 1 || (await allAreThere(source, embedder, options));
  if (!isWhole) return { ...report, complete: false };
  const { complete } = await finishStore(folder, {
    itemCount,
    ...(shardSize !== undefined && { shardSize }),
    ...(force !== undefined && { force }),
  });
  return { ...report, complete };
}

/** Whether the other runs' shards are there too, made from the same items by the same embedder. */
async function allAreThere<Input>(
  source: ItemSource<Input>,
  embedder: Embedder<Input>,
  options: ExtractOptions,
): Promise<boolean> {
  const settings = { ...shardSettings(options), retryFailures: false };
  for (let index = 0; index < shardCount(source.itemCount, settings.shardSize); index++) {
    const items = await readItems(source, index, settings.shardSize);
    if (!(await existingShard(wantedShard(embedder, index, items), settings))) return false;
  }
  return true;
}

function ownShards({ index, count }: { index: number; count: number }, shards: number): number[] {
  requirePositiveInteger('shard.count', count);
  if (!Number.isInteger(index) || index < 1 || index > count) {
    throw actionable(new RangeError(`shard.index must be from 1 to ${count}, got ${index}`));
  }
  return Array.from({ length: shards }, (_, shard) => shard).filter(
    (shard) => shard % count === index - 1,
  );
}

function summarise(reports: readonly ShardReport[]): Omit<ExtractionReport, 'complete'> {
  const sum = (count: (report: ShardReport) => number) =>
    reports.reduce((total, report) => total + count(report), 0);
  const failures: Partial<Record<FailureReason, number>> = {};
  for (const [reason, count] of reports.flatMap((report) => Object.entries(report.failures))) {
    failures[reason as FailureReason] = (failures[reason as FailureReason] ?? 0) + count;
  }
  return {
    itemCount: sum((report) => report.itemCount),
    embeddedCount: sum((report) => report.embeddedCount),
    failures,
    shardsMade: sum((report) => Number(!report.kept)),
    shardsKept: sum((report) => Number(report.kept)),
  };
}
