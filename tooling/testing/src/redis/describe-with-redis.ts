import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe } from 'vitest';
import { type RedisServer, startRedis } from './redis-server.ts';

/** A queue as `@rodpo/queue` wants it. */
interface TestQueue {
  readonly connection: string;
  readonly name: string;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface RedisForTests {
  /** A queue that is empty and nobody else's. */
  newQueue(): TestQueue;
}

export interface OwnRedisForTests extends RedisForTests {
  readonly connection: string;
}

/**
 * Tests that share the Redis of `REDIS_URL`, or one that is started for them. They may use queues of
 * their own and nothing else there, for the server may be anybody's; the queues are removed.
 */
export function describeWithRedis(name: string, tests: (redis: RedisForTests) => void): void {
  const url = process.env.REDIS_URL;
  if (!url) {
    describeWithOwnRedis(name, tests);
    return;
  }
  const prefix = `rodpo-test-${randomUUID()}`;
  describe(name, () => {
    afterAll(() => removeQueues(url, prefix));
    tests({ newQueue: queuesAt(() => url, prefix) });
  });
}

/** Tests that stop, flush or fill a Redis, or cut its connections: it is started for them alone. */
export function describeWithOwnRedis(name: string, tests: (redis: OwnRedisForTests) => void): void {
  describe(name, () => {
    let server: RedisServer | undefined;
    beforeAll(async () => {
      server = await startRedis();
    });
    afterAll(() => server?.stop());
    tests({
      get connection() {
        return server!.connection;
      },
      newQueue: queuesAt(() => server!.connection, 'rodpo-test'),
    });
  });
}

function queuesAt(connectionOf: () => string, prefix: string): () => TestQueue {
  let queues = 0;
  return () => ({ connection: connectionOf(), name: `${prefix}-${queues++}`, timeout: 5000 });
}

/** Not by BullMQ, which would leave what a test has damaged. */
async function removeQueues(connection: string, prefix: string): Promise<void> {
  const redis = new Redis(connection);
  for await (const keys of redis.scanStream({ match: `bull:${prefix}-*`, count: 1000 })) {
    if (keys.length > 0) await redis.unlink(...keys);
  }
  await redis.quit();
}
