import type { Jobs } from './jobs.ts';
import { openJobs } from './open-jobs.ts';
import type { ShardQueue } from './shard-queue.ts';

/** Connects, calls `use`, and disconnects again, whatever happens. Throws as `openJobs`. */
export async function withJobs<Result>(
  queue: ShardQueue,
  use: (jobs: Jobs) => Promise<Result>,
): Promise<Result> {
  const { jobs, lost, close } = await openJobs(queue);
  try {
    return await Promise.race([use(jobs), lost]);
  } finally {
    await close();
  }
}
