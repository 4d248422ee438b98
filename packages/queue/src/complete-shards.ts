import { type DeadLetter, deadLetters } from './dead-letters.ts';
import { type EnqueueOptions, enqueueShards } from './enqueue-shards.ts';
import { sendAgain } from './send-again.ts';
import type { ShardQueue } from './shard-queue.ts';
import type { MakeShard } from './shards-in-work.ts';
import { withJobs } from './with-jobs.ts';
import { type WorkOptions, type WorkReport, workShards } from './work-shards.ts';

export interface CompleteOptions extends EnqueueOptions, WorkOptions {
  readonly shardCount: number;
  /** The shards that have no result. Results are files: a queue may lose what it held. */
  readonly missing: () => Promise<readonly number[]>;
  /** Called when shards without a result, of which the queue knows nothing, are sent again. */
  readonly onSentAgain?: (count: number) => void;
}

export interface CompleteReport extends WorkReport {
  /** The shards that have no result at the end. */
  readonly missing: readonly number[];
  /** Those that used up their attempts. */
  readonly deadLetters: readonly DeadLetter[];
}

/** So often shards are sent again without one more result. */
const MAX_ROUNDS = 3;

/**
 * Queues shards and works on them until each has a result or was given up. If the queue is drained
 * and results are missing all the same, because Redis lost its data or files were removed, these
 * shards are sent again; after three rounds that brought nothing, that is the end of it.
 *
 * Ends early if `signal` aborts. Throws as `enqueueShards` and `workShards`.
 */
export async function completeShards(
  queue: ShardQueue,
  makeShard: MakeShard,
  { missing: findMissing, onSentAgain, ...options }: CompleteOptions,
): Promise<CompleteReport> {
  await enqueueShards(queue, options.shardCount, options);
  const total = { done: 0, failed: 0 };
  for (let left = Number.POSITIVE_INFINITY, rounds = 0; ; ) {
    const { done, failed } = await workShards(queue, makeShard, options);
    total.done += done;
    total.failed += failed;
    const missing = await findMissing();
    const letters = await deadLetters(queue);
    const lost = missing.filter((index) => letters.every(({ shardIndex }) => shardIndex !== index));
    rounds = missing.length < left ? 1 : rounds + 1;
    left = missing.length;
    if (lost.length === 0 || rounds > MAX_ROUNDS || options.signal?.aborted) {
      return { ...total, missing, deadLetters: letters };
    }
    onSentAgain?.(lost.length);
    await withJobs(queue, (jobs) => sendAgain(jobs, lost, options));
  }
}
