import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isActionable } from '@rodpo/errors';
import {
  deadLetters,
  enqueueShards,
  queueProgress,
  RedisUnreachable,
  removeQueue,
  retryDeadLetters,
  type ShardQueue,
  workShards,
} from '@rodpo/queue';
import { describeWithOwnRedis, freePort, startRedis } from '@rodpo/testing/redis';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, test } from 'vitest';

const calls: [string, (queue: ShardQueue) => Promise<unknown>][] = [
  ['enqueueShards', (queue) => enqueueShards(queue, 1)],
  ['workShards', (queue) => workShards(queue, () => expect.unreachable())],
  ['queueProgress', queueProgress],
  ['deadLetters', deadLetters],
  ['retryDeadLetters', retryDeadLetters],
  ['removeQueue', removeQueue],
];

describe('where no Redis answers', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  test.each(calls)('%s fails on a closed port, after the timeout', async (_, call) => {
    const port = await freePort();
    const failed = call({ connection: `redis://127.0.0.1:${port}`, name: 'none', timeout: 300 });

    await expect(failed).rejects.toBeInstanceOf(RedisUnreachable);
    await expect(failed).rejects.toMatchObject({ address: `127.0.0.1:${port}`, timeout: 300 });
    await expect(failed).rejects.toThrow(
      `Expected Redis at 127.0.0.1:${port} to answer within 300 ms, got connect ECONNREFUSED ` +
        `127.0.0.1:${port}. Start Redis, correct the connection, or raise timeout.`,
    );
  });

  test('a server that says nothing is given up', async () => {
    const connection = await listen(servers, () => {});

    await expect(queueProgress({ connection, name: 'none', timeout: 300 })).rejects.toThrow(
      /to answer within 300 ms, got no answer\./,
    );
  });

  test('a server that hangs up is given up', async () => {
    const connection = await listen(servers, (socket) => socket.destroy());

    await expect(queueProgress({ connection, name: 'none', timeout: 300 })).rejects.toBeInstanceOf(
      RedisUnreachable,
    );
  });

  test.each([
    ['127.0.0.1:6379'],
    ['localhost'],
    ['http://127.0.0.1:6379'],
    ['redis://'],
    ['redis://127.0.0.1:99999'],
    ['redis://127.0.0.1:6379/movies'],
    [''],
  ])('%j is no connection', async (connection) => {
    const failed = queueProgress({ connection, name: 'none' });

    await expect(failed).rejects.toBeInstanceOf(RangeError);
    await expect(failed).rejects.toThrow(
      `connection must be a Redis URL like redis://127.0.0.1:6379 or ` +
        `rediss://user:password@host:6380/0, got ${JSON.stringify(connection)}`,
    );
  });

  test.each([
    ['http://user:secret@host'],
    ['user:secret@host:6379'],
    ['redis://:sec@ret@host:6379/movies'],
    ['redis://***@host:6379/movies?password=secret'],
  ])('the password in %j is not shown', async (connection) => {
    const failed = queueProgress({ connection, name: 'none' });

    await expect(failed).rejects.toThrow(/\*\*\*@host/);
    await expect(failed).rejects.not.toThrow(/sec/);
  });

  test.each([
    ['redis://user:secret', 'redis://user:***'],
    ['redis://:secret', 'redis://:***'],
    ['user:sec/ret', 'user:***'],
    ['redis://host:6379/movies?password=secret', 'redis://host:6379/movies?***'],
  ])('nor is what may be one in %j', async (connection, shown) => {
    const failed = queueProgress({ connection, name: 'none' });

    await expect(failed).rejects.toThrow(`got "${shown}"`);
  });

  test('a person can act on it', async () => {
    const queue = { connection: 'redis://127.0.0.1:1', name: 'none', timeout: 100 };
    const problem = (call: Promise<unknown>) => call.catch((error) => error);

    expect(isActionable(await problem(queueProgress(queue)))).toBe(true);
    expect(isActionable(await problem(queueProgress({ ...queue, connection: '' })))).toBe(true);
    expect(isActionable(await problem(queueProgress({ ...queue, name: 'a:b' })))).toBe(true);
  });

  test.each([
    { name: '', timeout: 300, message: 'name must have characters, and no colon, got ""' },
    { name: 'a:b', timeout: 300, message: 'name must have characters, and no colon, got "a:b"' },
    { name: 'a', timeout: 0, message: 'timeout must be a positive integer, got 0' },
  ])('refuses name $name and timeout $timeout', async ({ message, ...queue }) => {
    const failed = queueProgress({ connection: 'redis://127.0.0.1', ...queue });

    await expect(failed).rejects.toThrow(new RangeError(message));
  });
});

describeWithOwnRedis('a Redis that fails', ({ newQueue }) => {
  test.each([
    { login: '', reason: /NOAUTH/ },
    { login: ':wrong@', reason: /WRONGPASS/ },
  ])('refuses the login "$login": the reason is told, the password is not', async (row) => {
    const server = await startRedis({ password: 'right' });
    try {
      const connection = `redis://${row.login}127.0.0.1:${server.port}`;
      const failed = queueProgress({ connection, name: 'none', timeout: 60_000 });

      await expect(failed).rejects.toThrow(row.reason);
      await expect(failed).rejects.not.toThrow(/wrong@/);
      await expect(failed).rejects.toBeInstanceOf(RedisUnreachable);
      const right = `redis://:right@127.0.0.1:${server.port}`;
      expect(await queueProgress({ connection: right, name: 'none' })).toMatchObject({
        waiting: 0,
      });
    } finally {
      await server.stop();
    }
  });

  test('has no database of that number', async () => {
    const { connection, name } = newQueue();

    await expect(queueProgress({ connection: `${connection}/99`, name })).rejects.toThrow(
      /DB index is out of range/,
    );
  });

  test('ends while a shard is made: the shard is stopped, and the worker fails', async () => {
    const server = await startRedis();
    const queue = { connection: server.connection, name: 'cut', timeout: 500 };
    await enqueueShards(queue, 1);
    let stopped: unknown;

    const working = workShards(queue, async (_, { signal }) => {
      await server.stop();
      await sleep(20_000, undefined, { signal }).catch(() => {});
      await sleep(200); // what it does at its end is waited for
      stopped = signal.aborted;
    });

    await expect(working).rejects.toBeInstanceOf(RedisUnreachable);
    expect(stopped).toBe(true);
  });

  test('ends while a worker is told to stop: it does not wait for ever', async () => {
    const server = await startRedis();
    const queue = { connection: server.connection, name: 'cut', timeout: 500 };
    const stop = new AbortController();
    await enqueueShards(queue, 1);

    const working = workShards(
      queue,
      async () => {
        stop.abort();
        await server.stop();
      },
      { signal: stop.signal },
    );

    await expect(working).rejects.toBeInstanceOf(RedisUnreachable);
  });

  test('says nothing while a shard is made: the worker fails', async () => {
    const queue = { ...newQueue(), timeout: 300 };
    await enqueueShards(queue, 1);
    const redis = new Redis(queue.connection);

    const working = workShards(queue, async (_, { signal }) => {
      await redis.client('PAUSE', 1500, 'ALL');
      await sleep(20_000, undefined, { signal });
    });

    await expect(working).rejects.toBeInstanceOf(RedisUnreachable);
    await redis.quit(); // when the pause is over
  });

  test('says nothing when a shard asks whose it is: the shard is told, and the worker fails', async () => {
    const server = await startRedis();
    const queue = { connection: server.connection, name: 'silent', timeout: 300 };
    await enqueueShards(queue, 1);
    const redis = new Redis(queue.connection);
    let told: unknown;

    const working = workShards(queue, async (_, { assertOwned }) => {
      await redis.client('PAUSE', 60_000, 'ALL');
      redis.disconnect();
      await assertOwned().catch((error) => {
        told = error;
        throw error;
      });
    });

    await expect(working).rejects.toBeInstanceOf(RedisUnreachable);
    expect(told).toBeInstanceOf(RedisUnreachable);
    await server.stop();
  });

  test('breaks the connections for a moment: the work goes on', async () => {
    const queue = newQueue();
    const made: number[] = [];
    await enqueueShards(queue, 3);

    const report = await workShards(queue, async (index) => {
      made.push(index);
      if (index === 1) await breakConnections(queue);
    });

    expect(made).toEqual([0, 1, 2]);
    expect(report).toEqual({ done: 3, failed: 0 });
  });

  test('refuses to write: its answer is the error', async () => {
    const queue = newQueue();
    await enqueueShards(queue, 2);
    const redis = new Redis(queue.connection);
    try {
      const working = workShards(queue, async () => {
        await redis.config('SET', 'maxmemory', '1');
      });

      await expect(working).rejects.toThrow(/OOM command not allowed/);
    } finally {
      await redis.config('SET', 'maxmemory', '0');
      await redis.quit();
    }
  });
});

async function listen(servers: Server[], answer: (socket: Socket) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function breakConnections({ connection }: ShardQueue): Promise<void> {
  const redis = new Redis(connection);
  expect(await redis.client('KILL', 'SKIPME', 'yes')).toBeGreaterThan(1);
  await redis.quit();
}
