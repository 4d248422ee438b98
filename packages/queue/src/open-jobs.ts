import { actionable, quote, requireInteger } from '@rodpo/errors';
import type { RedisOptions } from 'bullmq';
import { answered } from './answered.ts';
import type { Jobs } from './jobs.ts';
import { loadBullmq } from './load-bullmq.ts';
import { redisAddress } from './redis-address.ts';
import { RedisUnreachable } from './redis-unreachable.ts';
import type { ShardQueue } from './shard-queue.ts';

export interface OpenJobs {
  readonly jobs: Jobs;
  /** Rejects when Redis has been out of reach for too long. The jobs may then never answer. */
  readonly lost: Promise<never>;
  close(): Promise<void>;
}

/** Milliseconds between two attempts to connect. */
export const RECONNECT_DELAY = 200;

/**
 * Connects to Redis. BullMQ by itself would wait for it for ever.
 *
 * @throws {RangeError} if the queue is not described properly
 * @throws {RedisUnreachable} if Redis does not answer within `timeout`, or refuses
 * @throws {Error} if `bullmq` or `ioredis` is missing
 */
export async function openJobs({
  connection,
  name,
  timeout = 10_000,
}: ShardQueue): Promise<OpenJobs> {
  const address = redisAddress(connection);
  requireQueueName(name);
  requireInteger('timeout', timeout, { from: 1 });
  const { Queue } = await loadBullmq();
  let lastError: unknown;
  const unreachable = (reason: unknown) =>
    new RedisUnreachable(address, timeout, lastError ?? reason);
  const { promise: lost, reject: giveUp } = rejectable();
  const jobs: Jobs = new Queue(name, {
    connection: impatient(connection, timeout, () => giveUp(unreachable('no connection'))),
  });
  jobs.on('error', (error) => {
    lastError = error;
  });
  // A lost connection cannot be closed politely.
  const close = () => jobs.close().catch(() => {});
  try {
    await answered(jobs, timeout, unreachable);
  } catch (error) {
    await close();
    throw error;
  }
  return { jobs, lost, close };
}

function requireQueueName(name: string): void {
  if (name !== '' && !name.includes(':')) return;
  throw actionable(new RangeError(`name must have characters, and no colon, got ${quote(name)}`));
}

/** Connects again after a break, but not for longer than `timeout`. */
function impatient(url: string, timeout: number, giveUp: () => void): RedisOptions {
  let brokenSince = 0;
  return {
    url,
    connectTimeout: timeout,
    // Not commandTimeout: its timers outlive the commands, and so keep the process alive.
    socketTimeout: timeout,
    maxRetriesPerRequest: null, // it is the time that counts
    retryStrategy: (attempt) => {
      if (attempt === 1) brokenSince = Date.now();
      if (Date.now() - brokenSince < timeout) return RECONNECT_DELAY;
      giveUp(); // a command that was under way when the connection broke is not told by the driver
      return null;
    },
  };
}

/** A promise that may be rejected with nobody waiting for it. */
function rejectable(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject!: (reason: unknown) => void;
  const promise = new Promise<never>((_, rejectIt) => {
    reject = rejectIt;
  });
  promise.catch(() => {});
  return { promise, reject };
}
