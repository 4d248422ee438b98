import type { Processor } from 'bullmq';
import { loadBullmq } from './load-bullmq.ts';
import type { ShardJob } from './shard-queue.ts';

/**
 * Makes one shard. It must be able to be called again, after a crash even at the same time in
 * another process, with the same result: `extractShard` is.
 */
export type MakeShard = (shardIndex: number, signal: AbortSignal) => Promise<unknown>;

export interface ShardsInWork {
  readonly process: Processor<ShardJob, void>;
  /** Resolves when none is being made. */
  settled(): Promise<void>;
}

/** What a worker calls for each job. While `stopping`, a shard that throws is given back. */
export function shardsInWork(makeShard: MakeShard, stopping: AbortSignal): ShardsInWork {
  const inWork = new Set<Promise<unknown>>();
  return {
    // BullMQ counts the parameters: it makes the signal of the lock only for three.
    process: async (job, token, lock) => {
      const making = makeShard(job.data.shardIndex, AbortSignal.any([stopping, lock!]));
      inWork.add(making);
      try {
        await making;
      } catch (error) {
        if (!stopping.aborted) throw error instanceof Error ? error : new Error(String(error));
        const { WaitingError } = await loadBullmq();
        await job.moveToWait(token); // so no attempt is used up
        throw new WaitingError();
      } finally {
        inWork.delete(making);
      }
    },
    settled: async () => {
      await Promise.allSettled(inWork);
    },
  };
}
