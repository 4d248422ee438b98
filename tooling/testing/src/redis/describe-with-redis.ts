import { afterAll, beforeAll, describe, test } from 'vitest';
import { findRedis } from './redis-binary.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

/** A queue as `@rodpo/features/queue` wants it. */
interface TestQueue {
  readonly connection: string;
  readonly name: string;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface RedisForTests {
  readonly server: RedisServer;
  /** A queue that is empty and nobody else's. */
  newQueue(): TestQueue;
}

/** Tests that share one Redis, started for them; skipped, with the reason, where there is none. */
export async function describeWithRedis(
  name: string,
  tests: (redis: RedisForTests) => void,
): Promise<void> {
  const binary = await findRedis();
  if (typeof binary === 'string') {
    console.warn(`${name}: skipped, ${binary}`);
    test.skip(`${name}: ${binary}`, () => {});
    return;
  }
  describe(name, () => {
    let server: RedisServer | undefined;
    let queues = 0;
    beforeAll(async () => {
      server = await startRedis(binary);
    });
    afterAll(() => server?.stop());
    tests({
      get server() {
        return server!;
      },
      newQueue: () => ({
        connection: server!.connection,
        name: `shards-${queues++}`,
        timeout: 5000,
      }),
    });
  });
}
