import { type EnqueueOptions, shardJobs } from './enqueue-shards.ts';
import type { Jobs } from './jobs.ts';
import { loadBullmq } from './load-bullmq.ts';

/**
 * Queues shards that are not done, whatever the queue says of them: those that it has forgotten and
 * those that it holds to be completed. What is waiting, in work or given up stays as it is.
 */
export async function sendAgain(
  jobs: Jobs,
  shards: readonly number[],
  { shardCount, ...options }: EnqueueOptions & { readonly shardCount: number },
): Promise<void> {
  const { ErrorCode } = await loadBullmq();
  const all = shardJobs(shards, shardCount, options);
  for (const { opts } of all) {
    const job = await jobs.getJob(opts.jobId);
    await job
      ?.retry('completed', { resetAttemptsMade: true, resetAttemptsStarted: true })
      .catch((error: { code?: unknown }) => {
        // not completed, or sent by someone else, or forgotten in the meantime
        const known = [ErrorCode.JobNotInState, ErrorCode.JobNotExist];
        if (!known.some((code) => code === error.code)) throw error;
      });
  }
  await jobs.addBulk(all);
}
