import type { Job, Processor } from 'bullmq';
import type { Jobs } from './jobs.ts';
import { loadBullmq } from './load-bullmq.ts';
import { assertOwned } from './ownership.ts';
import { ShardLost } from './shard-lost.ts';
import type { ShardJob } from './shard-queue.ts';

/** What a worker is told about the shard that it makes. */
export interface ShardWork {
  /** Aborts when the shard was given to another worker, or the work is to end. */
  readonly signal: AbortSignal;
  /**
   * To be called before each save: a process that was held up may learn late that its shard is
   * another's. @throws {ShardLost} if so
   * @throws {RedisUnreachable} if Redis does not answer any more
   */
  assertOwned(): Promise<void>;
}

/**
 * Makes one shard. It must be able to be called again, after a crash even at the same time in
 * another process, with the same result: `extractShard` is.
 */
export type MakeShard = (shardIndex: number, work: ShardWork) => Promise<unknown>;

export interface ShardsInWork {
  readonly process: Processor<ShardJob, void>;
  /** Whether the shard of a job whose lock could not be renewed is this worker's all the same. */
  isOwned(jobId: string): Promise<boolean>;
  /** Resolves when none is being made. */
  settled(): Promise<void>;
}

interface ShardsOptions {
  readonly jobs: Jobs;
  /** Rejects when Redis is out of reach: what it was asked then is never answered. */
  readonly lost: Promise<never>;
  readonly onMade: (shardIndex: number) => void;
  /** While aborted, a shard that throws is given back. */
  readonly stopping: AbortSignal;
}

/** What a worker calls for each job. */
export function shardsInWork(
  makeShard: MakeShard,
  { jobs, lost, onMade, stopping }: ShardsOptions,
): ShardsInWork {
  const inWork = new Map<string, { making: Promise<unknown>; work: ShardWork }>();
  return {
    // BullMQ counts the parameters: it makes the signal of the lock only for three.
    process: async (job, token, lock) => {
      if (stopping.aborted) return giveBack(job, token); // it came with the end of the one before
      const work: ShardWork = {
        signal: AbortSignal.any([stopping, lock!]),
        assertOwned: () => Promise.race([assertOwned(jobs, job, token!), lost]),
      };
      const making = makeShard(job.data.shardIndex, work);
      inWork.set(job.id!, { making, work });
      try {
        await making;
        // Told here and not when the job is completed: Redis may have forgotten the job.
        onMade(job.data.shardIndex);
      } catch (error) {
        if (!stopping.aborted) throw error instanceof Error ? error : new Error(String(error));
        return giveBack(job, token);
      } finally {
        inWork.delete(job.id!);
      }
    },
    isOwned: async (jobId) => {
      const shard = inWork.get(jobId);
      return (
        !shard ||
        shard.work.assertOwned().then(
          () => true,
          (error) => !(error instanceof ShardLost),
        )
      );
    },
    settled: async () => {
      await Promise.allSettled([...inWork.values()].map(({ making }) => making));
    },
  };
}

/** At once and with no attempt used up. One that is another worker's by now is left alone. */
async function giveBack(job: Job<ShardJob>, token: string | undefined): Promise<never> {
  const { WaitingError } = await loadBullmq();
  await job.moveToWait(token).catch(() => {});
  throw new WaitingError();
}
