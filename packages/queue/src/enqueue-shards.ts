import { actionable, requireInteger } from '@rodpo/errors';
import type { JobsOptions } from 'bullmq';
import { sendFailedAgain } from './dead-letters.ts';
import type { Jobs } from './jobs.ts';
import { countShards, type QueueProgress } from './queue-progress.ts';
import type { ShardJob, ShardQueue } from './shard-queue.ts';
import { withJobs } from './with-jobs.ts';

export interface EnqueueOptions {
  /** How often a shard is tried before it is a dead letter. Default 5. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; they double with each one after. Default 1,000. */
  readonly backoff?: number;
  /** Send the dead letters of an earlier run again. Default false. */
  readonly retryFailed?: boolean;
}

const ATTEMPTS = 5;
const BACKOFF = 1000;
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
  { attempts = ATTEMPTS, backoff = BACKOFF, retryFailed = false }: EnqueueOptions = {},
): Promise<QueueProgress> {
  requireInteger('shardCount', shardCount, { from: 1 });
  requireInteger('attempts', attempts, { from: 1 });
  requireInteger('backoff', backoff, { from: 0 });
  return withJobs(queue, async (jobs) => {
    await requireSameCount(jobs, shardCount);
    for (let start = 0; start < shardCount; start += PIECE) {
      const length = Math.min(PIECE, shardCount - start);
      const piece = Array.from({ length }, (_, offset) => start + offset);
      await jobs.addBulk(shardJobs(piece, shardCount, { attempts, backoff }));
    }
    if (retryFailed) await sendFailedAgain(jobs);
    return countShards(jobs);
  });
}

interface JobOfShard {
  readonly name: string;
  readonly data: ShardJob;
  readonly opts: JobsOptions & { readonly jobId: string };
}

/** Shards as jobs to be added. */
export function shardJobs(
  shards: readonly number[],
  shardCount: number,
  { attempts = ATTEMPTS, backoff = BACKOFF }: EnqueueOptions,
): JobOfShard[] {
  return shards.map((shardIndex) => ({
    name: 'shard',
    data: { shardIndex, shardCount },
    opts: {
      jobId: jobId(shardIndex),
      attempts,
      backoff: { type: 'exponential', delay: backoff },
    },
  }));
}

/** A shard that fails and one that is queued twice must meet under one id. */
function jobId(shardIndex: number): string {
  return `shard-${shardIndex}`;
}

async function requireSameCount(jobs: Jobs, shardCount: number): Promise<void> {
  const first = await jobs.getJob(jobId(0));
  if (!first || first.data.shardCount === shardCount) return;
  throw actionable(
    new RangeError(
      `Queue ${jobs.name} holds an extraction of ${first.data.shardCount} shards, got ` +
        `${shardCount}. Give another extraction another name, or call removeQueue first.`,
    ),
  );
}
