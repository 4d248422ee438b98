import type { Queue, RedisOptions } from 'bullmq';
import { answered } from './answered.ts';
import { loadBullmq } from './load-bullmq.ts';
import { redisAddress } from './redis-address.ts';
import { RedisUnreachable } from './redis-unreachable.ts';
import { requireInteger } from './require-integer.ts';
import type { ShardJob, ShardQueue } from './shard-queue.ts';

export type Jobs = Queue<ShardJob>;

/** Milliseconds between two attempts to connect. */
export const RECONNECT_DELAY = 200;

/** What the driver says of commands that will have no answer. */
const LOST = /^(Connection is closed|Command aborted due to connection close)/;

/**
 * Connects, calls `use`, and disconnects again, whatever happens. BullMQ by itself would wait for
 * Redis for ever.
 *
 * @throws {RangeError} if the queue is not described properly
 * @throws {RedisUnreachable} if Redis is out of reach for `timeout`, at first or later
 * @throws {Error} if `bullmq` or `ioredis` is missing
 */
export async function withJobs<Result>(
  { connection, name, timeout = 10_000 }: ShardQueue,
  use: (jobs: Jobs) => Promise<Result>,
): Promise<Result> {
  const address = redisAddress(connection);
  requireQueueName(name);
  requireInteger('timeout', timeout, 1);
  const { Queue } = await loadBullmq();
  const jobs: Jobs = new Queue(name, { connection: impatient(connection, timeout) });
  let lastError: unknown;
  jobs.on('error', (error) => {
    lastError = error;
  });
  const unreachable = (error: unknown) =>
    new RedisUnreachable(address, timeout, lastError ?? error);
  try {
    await answered(jobs, timeout, unreachable);
    return await use(jobs);
  } catch (error) {
    const isLost = error instanceof Error && LOST.test(error.message);
    throw isLost ? unreachable(error) : error;
  } finally {
    await jobs.close().catch(() => {}); // a lost connection cannot be closed politely
  }
}

function requireQueueName(name: string): void {
  if (name !== '' && !name.includes(':')) return;
  throw new RangeError(`name must have characters, and no colon, got ${JSON.stringify(name)}`);
}

/** Connects again after a break, but not for longer than `timeout`. */
function impatient(url: string, timeout: number): RedisOptions {
  let brokenSince = 0;
  return {
    url,
    connectTimeout: timeout,
    // Not commandTimeout: its timers outlive the commands, and so keep the process alive.
    socketTimeout: timeout,
    maxRetriesPerRequest: null, // it is the time that counts
    retryStrategy: (attempt) => {
      if (attempt === 1) brokenSince = Date.now();
      return Date.now() - brokenSince < timeout ? RECONNECT_DELAY : null;
    },
  };
}
