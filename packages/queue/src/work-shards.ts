import { setTimeout as sleep } from 'node:timers/promises';
import { requireInteger } from '@rodpo/errors';
import type { Job, Worker } from 'bullmq';
import type { Jobs } from './jobs.ts';
import { loadBullmq } from './load-bullmq.ts';
import { openJobs, RECONNECT_DELAY } from './open-jobs.ts';
import { countShards } from './queue-progress.ts';
import type { ShardJob, ShardQueue } from './shard-queue.ts';
import { type MakeShard, type ShardsInWork, shardsInWork } from './shards-in-work.ts';

export interface WorkOptions {
  /** Shards in work at a time. Default 1. */
  readonly concurrency?: number;
  /**
   * Milliseconds after which a worker that shows no sign of life loses its shard to another one:
   * half to one and a half times this long after it died. Signs of life are given while a shard is
   * made, as long as the event loop is not blocked for longer than half of this. Default 30,000.
   */
  readonly lockDuration?: number;
  /**
   * End when nothing is left to do for any worker; otherwise wait for more until `signal` aborts.
   * Default true.
   */
  readonly untilDrained?: boolean;
  readonly onDone?: (shardIndex: number) => void;
  /** After each failed attempt. With no attempts left, the shard is a dead letter. */
  readonly onFailed?: (shardIndex: number, error: Error, attemptsLeft: number) => void;
  /** Ends the work: a shard that is in work finishes or, if it throws, goes back to the queue. */
  readonly signal?: AbortSignal;
}

export interface WorkReport {
  /** Shards that this worker has made, or found finished. */
  readonly done: number;
  /** Attempts of this worker that failed. */
  readonly failed: number;
}

/** A shard that killed this many workers is not given to another. */
const MAX_STALLS = 5;
/** Looks for dead workers during the time of a lock: it takes two of them to find one. */
const STALLED_CHECKS = 4;
/** Milliseconds between two looks at the queue. */
const POLL = 200;

/**
 * Takes shards from the queue and makes them, until none is left. Any number of processes on any
 * number of machines may do so; the shards of one that dies are given to the others.
 *
 * A failed shard is tried again after a back-off, by whoever is free. That shards have failed for
 * good is no error of the worker: ask `deadLetters`.
 *
 * @throws {RangeError} if an option is out of range
 * @throws {RedisUnreachable} if Redis is out of reach, at first or later
 * @throws {Error} if Redis refuses to work (no memory, read only), or a callback throws
 */
export async function workShards(
  queue: ShardQueue,
  makeShard: MakeShard,
  options: WorkOptions = {},
): Promise<WorkReport> {
  const { concurrency = 1, lockDuration = 30_000, untilDrained = true, signal } = options;
  requireInteger('concurrency', concurrency, { from: 1 });
  requireInteger('lockDuration', lockDuration, { from: 100 });
  const { Worker } = await loadBullmq();
  const { jobs, lost, close } = await openJobs(queue);
  const failure = new AbortController();
  const fail = (error: unknown) => failure.abort(error);
  const stopping = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const { report, onMade, onFailure } = reporting(options, fail);
  const shards = shardsInWork(makeShard, { jobs, lost, onMade, stopping });
  const worker = new Worker<ShardJob>(queue.name, shards.process, {
    connection: {
      url: queue.connection,
      maxRetriesPerRequest: null,
      retryStrategy: () => (failure.signal.aborted ? null : RECONNECT_DELAY),
    },
    concurrency,
    lockDuration,
    stalledInterval: Math.ceil(lockDuration / STALLED_CHECKS),
    maxStalledCount: MAX_STALLS,
    runRetryDelay: RECONNECT_DELAY,
  });
  listen(worker, shards, { onFailure, fail });
  try {
    await Promise.race([untilEnd(jobs, untilDrained, stopping).then(() => worker.close()), lost]);
  } catch (error) {
    fail(error);
    void worker.close(true); // without Redis, its end cannot be awaited
  }
  await shards.settled();
  await close();
  failure.signal.throwIfAborted();
  return report;
}

interface Reporting {
  readonly report: WorkReport;
  readonly onMade: (shardIndex: number) => void;
  readonly onFailure: (job: Job<ShardJob>, error: Error) => void;
}

function reporting({ onDone, onFailed }: WorkOptions, fail: (error: unknown) => void): Reporting {
  const report = { done: 0, failed: 0 };
  const tell = (callback: () => void) => {
    try {
      callback();
    } catch (error) {
      fail(error);
    }
  };
  return {
    report,
    onMade: (shardIndex) => {
      report.done++;
      tell(() => onDone?.(shardIndex));
    },
    onFailure: (job, error) => {
      report.failed++;
      tell(() => onFailed?.(job.data.shardIndex, error, attemptsLeft(job)));
    },
  };
}

interface Listeners {
  readonly onFailure: Reporting['onFailure'];
  readonly fail: (error: unknown) => void;
}

function listen(
  worker: Worker<ShardJob>,
  shards: ShardsInWork,
  { onFailure, fail }: Listeners,
): void {
  worker.on('failed', (job, error) => {
    if (job) onFailure(job, error);
  });
  worker.on('lockRenewalFailed', async (ids) => {
    for (const id of ids) {
      if (await shards.isOwned(id)) continue;
      worker.cancelJob(id, 'The shard was given to another worker');
    }
  });
  // Lost locks and lost connections are dealt with; a refusal would come again and again.
  worker.on('error', (error) => {
    if (error.name === 'ReplyError') fail(error);
  });
}

function attemptsLeft({ finishedOn, opts, attemptsMade }: Job<ShardJob>): number {
  return finishedOn ? 0 : opts.attempts! - attemptsMade;
}

async function untilEnd(jobs: Jobs, untilDrained: boolean, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const { waiting, active, delayed } = await countShards(jobs);
    if (untilDrained && waiting + active + delayed === 0) return;
    await sleep(POLL, undefined, { signal: stopping }).catch(() => {});
  }
}
