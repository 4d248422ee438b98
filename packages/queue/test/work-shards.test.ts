import { setTimeout as sleep } from 'node:timers/promises';
import {
  deadLetters,
  enqueueShards,
  queueProgress,
  type ShardQueue,
  workShards,
} from '@rodpo/queue';
import { range } from '@rodpo/testing';
import { describeWithRedis } from '@rodpo/testing/redis';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';

describeWithRedis('workShards', ({ newQueue }) => {
  test('makes every shard once and says so', async () => {
    const queue = newQueue();
    const made: number[] = [];
    const told: number[] = [];
    await enqueueShards(queue, 5);

    const report = await workShards(queue, async (index) => made.push(index), {
      onDone: (index) => told.push(index),
    });

    expect(report).toEqual({ done: 5, failed: 0 });
    expect(made).toEqual(range(5));
    expect(told).toEqual(range(5));
  });

  test('ends at once where nothing is queued', async () => {
    const report = await workShards(newQueue(), () => expect.unreachable());

    expect(report).toEqual({ done: 0, failed: 0 });
  });

  test('tries a shard again that failed twice, and counts the attempts left', async () => {
    const queue = newQueue();
    const failures: unknown[] = [];
    let calls = 0;
    await enqueueShards(queue, 1, { attempts: 3, backoff: 20 });

    const report = await workShards(
      queue,
      async () => {
        if (++calls < 3) throw new Error(`call ${calls}`);
      },
      {
        onFailed: (index, { message }, attemptsLeft) =>
          failures.push([index, message, attemptsLeft]),
      },
    );

    expect(report).toEqual({ done: 1, failed: 2 });
    expect(failures).toEqual([
      [0, 'call 1', 2],
      [0, 'call 2', 1],
    ]);
    expect(await deadLetters(queue)).toEqual([]);
  });

  test('waits twice as long after each failure: 60, 120, 240 s', async () => {
    const queue = newQueue();
    const delays: number[] = [];
    await enqueueShards(queue, 1, { backoff: 60_000 });

    for (const _ of range(3)) {
      const failed = new AbortController();
      await workShards(queue, () => Promise.reject(new Error('no')), {
        onFailed: () => failed.abort(),
        signal: failed.signal,
      });
      delays.push(await endDelay(queue));
    }

    expect(delays).toEqual([60_000, 120_000, 240_000]);
  });

  test('four workers share the shards: each is made once', async () => {
    const queue = newQueue();
    const made: number[][] = [[], [], [], []];
    await enqueueShards(queue, 40);

    const reports = await Promise.all(
      made.map((mine) =>
        workShards(queue, async (index) => {
          mine.push(index);
          await sleep(5);
        }),
      ),
    );

    expect(reports).toEqual(made.map((mine) => ({ done: mine.length, failed: 0 })));
    expect(made.flat().sort((one, other) => one - other)).toEqual(range(40));
    expect(made.filter((mine) => mine.length > 0).length).toBeGreaterThan(1);
  });

  test('has as many shards in work as concurrency says, and not more', async () => {
    const queue = newQueue();
    let inWork = 0;
    let most = 0;
    await enqueueShards(queue, 12);

    await workShards(
      queue,
      async () => {
        most = Math.max(most, ++inWork);
        await sleep(20);
        inWork--;
      },
      { concurrency: 3 },
    );

    expect(most).toBe(3);
  });

  test('keeps a shard that takes much longer than the lock', async () => {
    const queue = newQueue();
    const calls: number[] = [];
    await enqueueShards(queue, 1);
    const makeShard = async (index: number) => {
      calls.push(index);
      await sleep(1500);
    };

    await Promise.all(range(2).map(() => workShards(queue, makeShard, { lockDuration: 200 })));

    expect(calls).toEqual([0]);
  });

  test('gives up a shard whose lock was lost, and makes it again', async () => {
    const queue = newQueue();
    const aborted: boolean[] = [];
    await enqueueShards(queue, 1);

    const report = await workShards(
      queue,
      async (_, { signal }) => {
        if (aborted.length > 0) return;
        await loseLock(queue);
        await untilAborted(signal);
        aborted.push(signal.aborted);
        signal.throwIfAborted();
      },
      { lockDuration: 200 },
    );

    expect(aborted).toEqual([true]);
    expect(report).toEqual({ done: 1, failed: 0 });
    expect(await queueProgress(queue)).toMatchObject({ completed: 1, failed: 0 });
  });

  test('a shard that lost six workers is a dead letter', async () => {
    const queue = newQueue();
    let calls = 0;
    await enqueueShards(queue, 1);

    await workShards(
      queue,
      async (_, { signal }) => {
        calls++;
        await loseLock(queue);
        await untilAborted(signal);
        signal.throwIfAborted();
      },
      { lockDuration: 100 },
    );

    expect(calls).toBe(6);
    expect(await deadLetters(queue)).toEqual([
      { shardIndex: 0, attempts: 1, error: 'job stalled more than allowable limit' },
    ]);
  });
});

describeWithRedis('the end of workShards', ({ newQueue }) => {
  test('a shard that does not mind the signal is finished', async () => {
    const queue = newQueue();
    const stop = new AbortController();
    await enqueueShards(queue, 3);

    const report = await workShards(
      queue,
      async () => {
        stop.abort();
        await sleep(50);
      },
      { signal: stop.signal },
    );

    expect(report).toEqual({ done: 1, failed: 0 });
    expect(await queueProgress(queue)).toMatchObject({ completed: 1, active: 0, waiting: 2 });
  });

  test('a shard that stops on the signal goes back, with all its attempts', async () => {
    const queue = newQueue();
    const stop = new AbortController();
    await enqueueShards(queue, 2, { attempts: 1 });

    const report = await workShards(
      queue,
      async (_, { signal }) => {
        stop.abort();
        signal.throwIfAborted();
      },
      { signal: stop.signal },
    );

    expect(report).toEqual({ done: 0, failed: 0 });
    expect(await queueProgress(queue)).toMatchObject({ waiting: 2, active: 0, failed: 0 });
    expect(await workShards(queue, async () => {})).toEqual({ done: 2, failed: 0 });
  });

  test('a worker told to stop before it starts does nothing', async () => {
    const queue = newQueue();
    await enqueueShards(queue, 1);

    const report = await workShards(queue, () => expect.unreachable(), {
      signal: AbortSignal.abort(),
    });

    expect(report).toEqual({ done: 0, failed: 0 });
    expect(await queueProgress(queue)).toMatchObject({ waiting: 1 });
  });

  test('a worker that is not to end when drained waits for shards to come', async () => {
    const queue = newQueue();
    const stop = new AbortController();
    const working = workShards(queue, async () => {}, {
      untilDrained: false,
      onDone: (index) => index === 2 && stop.abort(),
      signal: stop.signal,
    });
    await sleep(500); // longer than one look at the queue
    await enqueueShards(queue, 3);

    expect(await working).toEqual({ done: 3, failed: 0 });
  });

  test('an error of a callback ends the work', async () => {
    const queue = newQueue();
    await enqueueShards(queue, 3);

    const working = workShards(queue, async () => {}, {
      onDone: () => {
        throw new TypeError('in the callback');
      },
    });

    await expect(working).rejects.toThrow(new TypeError('in the callback'));
    expect(await queueProgress(queue)).toMatchObject({ active: 0 });
  });

  test('what is no error is a failure as well', async () => {
    const queue = newQueue();
    await enqueueShards(queue, 1, { attempts: 1 });
    await workShards(queue, () => Promise.reject('a word'));

    expect(await deadLetters(queue)).toEqual([{ shardIndex: 0, attempts: 1, error: 'a word' }]);
  });

  test.each([
    { options: { concurrency: 0 }, message: 'concurrency must be a positive integer, got 0' },
    { options: { lockDuration: 99 }, message: 'lockDuration must be an integer from 100, got 99' },
  ])('refuses $options', async ({ options, message }) => {
    const working = workShards(newQueue(), async () => {}, options);

    await expect(working).rejects.toThrow(message);
    await expect(working).rejects.toBeInstanceOf(RangeError);
  });
});

/** The delay of the one job that waits for it; then it waits no longer. */
async function endDelay({ name, connection }: ShardQueue): Promise<number> {
  const jobs = new Queue(name, { connection: { url: connection } });
  const [job] = await jobs.getDelayed();
  const { delay } = job!;
  await job!.promote();
  await jobs.close();
  return delay;
}

/** What happens to the lock of a worker that froze. */
async function loseLock({ name, connection }: ShardQueue): Promise<void> {
  const redis = new Redis(connection);
  expect(await redis.del(`bull:${name}:shard-0:lock`)).toBe(1);
  await redis.quit();
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  await sleep(20_000, undefined, { signal }).catch(() => {});
}
