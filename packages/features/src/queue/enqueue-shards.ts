import { sendFailedAgain } from './dead-letters.ts';
import type { Jobs } from './open-jobs.ts';
import { countShards, type QueueProgress } from './queue-progress.ts';
import { requireInteger } from './require-integer.ts';
import type { ShardQueue } from './shard-queue.ts';
import { withJobs } from './with-jobs.ts';

export interface EnqueueOptions {
  /** How often a shard is tried before it is a dead letter. Default 5. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; they double with each one after. Default 1,000. */
  readonly backoff?: number;
  /** Send the dead letters of an earlier run again. Default false. */
  readonly retryFailed?: boolean;
}

const PIECE = 1000; // jobs in one message to Redis

/**
 * Queues shards `0` to `shardCount - 1`, each under its own id: those that are there already,
 * waiting, done or failed, stay as they are. So an extraction that was cut short is taken up by
 * calling this again, and several machines may call it at once.
 *
 * A shard that is done stays done in the queue even if its file is deleted: then start anew with
 * `removeQueue`; workers keep the files that are finished.
 *
 * @returns the counts afterwards
 * @throws {RangeError} if an option is out of range, or the queue holds another number of shards
 * @throws {RedisUnreachable} if Redis is out of reach
 */
export async function enqueueShards(
  queue: ShardQueue,
  shardCount: number,
  { attempts = 5, backoff = 1000, retryFailed = false }: EnqueueOptions = {},
): Promise<QueueProgress> {
  requireInteger('shardCount', shardCount, 1);
  requireInteger('attempts', attempts, 1);
  requireInteger('backoff', backoff, 0);
  return withJobs(queue, async (jobs) => {
    await requireSameCount(jobs, shardCount);
    for (let start = 0; start < shardCount; start += PIECE) {
      await jobs.addBulk(
        Array.from({ length: Math.min(PIECE, shardCount - start) }, (_, offset) => ({
          name: 'shard',
          data: { shardIndex: start + offset, shardCount },
          opts: {
            jobId: jobId(start + offset),
            attempts,
            backoff: { type: 'exponential', delay: backoff },
          },
        })),
      );
    }
    if (retryFailed) await sendFailedAgain(jobs);
    return countShards(jobs);
  });
}

/** A shard that fails and one that is queued twice must meet under one id. */
function jobId(shardIndex: number): string {
  return `shard-${shardIndex}`;
}

async function requireSameCount(jobs: Jobs, shardCount: number): Promise<void> {
  const first = await jobs.getJob(jobId(0));
  if (!first || first.data.shardCount === shardCount) return;
  throw new RangeError(
    `Queue ${jobs.name} holds an extraction of ${first.data.shardCount} shards, got ${shardCount}. ` +
      'Give another extraction another name, or call removeQueue first.',
  );
}
