import type { Jobs } from './jobs.ts';
import type { ShardQueue } from './shard-queue.ts';
import { withJobs } from './with-jobs.ts';

/** Shards by what has become of them. */
export interface QueueProgress {
  readonly waiting: number;
  /** In the hands of a worker, or of one that died and was not noticed yet. */
  readonly active: number;
  /** Failed, and waiting for the next attempt. */
  readonly delayed: number;
  readonly completed: number;
  /** Out of attempts: see `deadLetters`. */
  readonly failed: number;
}

/** Counts the shards of a queue. @throws {RedisUnreachable} if Redis is out of reach */
export async function queueProgress(queue: ShardQueue): Promise<QueueProgress> {
  return withJobs(queue, countShards);
}

export async function countShards(jobs: Jobs): Promise<QueueProgress> {
  const counts = await jobs.getJobCounts('waiting', 'active', 'delayed', 'completed', 'failed');
  return {
    waiting: counts.waiting!,
    active: counts.active!,
    delayed: counts.delayed!,
    completed: counts.completed!,
    failed: counts.failed!,
  };
}
