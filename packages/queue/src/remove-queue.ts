import type { ShardQueue } from './shard-queue.ts';
import { withJobs } from './with-jobs.ts';

/**
 * Forgets a queue and all its shards, for a start from nothing; files stay. End the workers first.
 *
 * @throws {RedisUnreachable} if Redis is out of reach
 */
export async function removeQueue(queue: ShardQueue): Promise<void> {
  await withJobs(queue, (jobs) => jobs.obliterate({ force: true }));
}
