import type { Job } from 'bullmq';
import type { Jobs } from './jobs.ts';
import { ShardLost } from './shard-lost.ts';
import type { ShardJob } from './shard-queue.ts';

/**
 * A worker owns the shard of a job while the job's lock holds the worker's token. Of a job that
 * Redis knows nothing of any more, because it lost its data, nobody else can have been given the
 * shard: it stays with whoever is at it.
 *
 * @throws {ShardLost} if the shard is another worker's, or will be
 */
export async function assertOwned(
  jobs: Jobs,
  { id, data }: Job<ShardJob>,
  token: string,
): Promise<void> {
  const redis = await jobs.getBackend().client;
  const owner = await redis.get(`${jobs.toKey(id!)}:lock`);
  if (owner === token) return;
  if (owner === null && !(await jobs.getJob(id!))) return;
  throw new ShardLost(data.shardIndex);
}
