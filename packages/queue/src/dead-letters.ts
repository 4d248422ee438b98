import type { Job } from 'bullmq';
import type { Jobs } from './jobs.ts';
import { loadBullmq } from './load-bullmq.ts';
import type { ShardJob, ShardQueue } from './shard-queue.ts';
import { withJobs } from './with-jobs.ts';

/** A shard that was given up. */
export interface DeadLetter {
  readonly shardIndex: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** What the last attempt said. */
  readonly error: string;
}

const PIECE = 1000; // jobs in one answer of Redis

/**
 * Lists the shards that used up their attempts, or lost their worker too often, by shard index.
 *
 * They are BullMQ's set of failed jobs, not a queue of their own: a shard gets there in the same
 * transaction that ends its last attempt, so it can be neither lost nor doubled on the way.
 *
 * @throws {RedisUnreachable} if Redis is out of reach
 */
export async function deadLetters(queue: ShardQueue): Promise<DeadLetter[]> {
  return withJobs(queue, async (jobs) => {
    const letters = (await failedJobs(jobs)).map(({ data, attemptsMade, failedReason }) => ({
      shardIndex: data.shardIndex,
      attempts: attemptsMade,
      error: failedReason,
    }));
    return letters.sort((one, other) => one.shardIndex - other.shardIndex);
  });
}

/**
 * Sends every dead letter again, with all its attempts before it.
 *
 * @returns how many there were
 * @throws {RedisUnreachable} if Redis is out of reach
 */
export async function retryDeadLetters(queue: ShardQueue): Promise<number> {
  return withJobs(queue, sendFailedAgain);
}

export async function sendFailedAgain(jobs: Jobs): Promise<number> {
  const { ErrorCode } = await loadBullmq();
  let sent = 0;
  for (const job of await failedJobs(jobs)) {
    try {
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
      sent++;
    } catch (error) {
      // someone else has sent it in the meantime
      if ((error as { code?: unknown }).code !== ErrorCode.JobNotInState) throw error;
    }
  }
  return sent;
}

async function failedJobs(jobs: Jobs): Promise<Job<ShardJob>[]> {
  const all: Job<ShardJob>[] = [];
  for (;;) {
    const piece = await jobs.getFailed(all.length, all.length + PIECE - 1);
    all.push(...piece);
    if (piece.length < PIECE) return all;
  }
}
