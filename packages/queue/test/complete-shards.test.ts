import { completeShards, enqueueShards, type ShardQueue } from '@rodpo/queue';
import { range } from '@rodpo/testing';
import { describeWithOwnRedis } from '@rodpo/testing/redis';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';

const shardCount = 6;

/** Shards that leave a result in memory, as files are left on a disk. */
function results() {
  const made: number[] = [];
  const sentAgain: number[] = [];
  return {
    made,
    sentAgain,
    options: {
      shardCount,
      missing: async () => range(shardCount).filter((index) => !made.includes(index)),
      onSentAgain: (count: number) => sentAgain.push(count),
    },
  };
}

describeWithOwnRedis('completeShards', ({ newQueue }) => {
  test('queues shards, makes each once, and has nothing to send again', async () => {
    const { made, sentAgain, options } = results();
    const report = await completeShards(newQueue(), async (index) => made.push(index), options);

    expect(report).toEqual({ done: 6, failed: 0, missing: [], deadLetters: [] });
    expect(made).toEqual(range(shardCount));
    expect(sentAgain).toEqual([]);
  });

  test('Redis forgets all while a shard is in work: it counts, and the rest is sent again', async () => {
    const queue = newQueue();
    const { made, sentAgain, options } = results();
    const report = await completeShards(
      queue,
      async (index) => {
        if (index === 2 && sentAgain.length === 0) await forget(queue);
        made.push(index);
      },
      options,
    );

    expect(made).toEqual(range(shardCount));
    expect(sentAgain).toEqual([3]);
    expect(report).toEqual({ done: 6, failed: 0, missing: [], deadLetters: [] });
  });

  test('Redis forgets all again and again: it goes on as long as anything is made', async () => {
    const queue = newQueue();
    const { made, sentAgain, options } = results();
    await completeShards(
      queue,
      async (index) => {
        await forget(queue);
        made.push(index);
      },
      options,
    );

    expect(made).toEqual(range(shardCount));
    expect(sentAgain).toEqual([5, 4, 3, 2, 1]);
  });

  test('what is done for the queue and has no result is sent again, three times at most', async () => {
    const queue = newQueue();
    const { sentAgain, options } = results();
    let calls = 0;
    const report = await completeShards(queue, async () => calls++, options);

    expect(report.missing).toEqual(range(shardCount));
    expect(sentAgain).toEqual([6, 6, 6]);
    expect(calls).toBe(24);
  });

  test('what was given up is not sent again', async () => {
    const queue = newQueue();
    const { made, sentAgain, options } = results();
    const report = await completeShards(
      queue,
      async (index) => {
        if (index === 4) throw new Error('no');
        made.push(index);
      },
      { ...options, attempts: 1 },
    );

    expect(report).toMatchObject({ done: 5, failed: 1, missing: [4] });
    expect(report.deadLetters).toEqual([{ shardIndex: 4, attempts: 1, error: 'no' }]);
    expect(sentAgain).toEqual([]);
  });

  test('ends when it is told to, with what is missing', async () => {
    const queue = newQueue();
    const stop = new AbortController();
    const { made, sentAgain, options } = results();
    const report = await completeShards(
      queue,
      async (index) => {
        made.push(index);
        if (index === 1) stop.abort();
      },
      { ...options, signal: stop.signal },
    );

    expect(report.missing).toEqual([2, 3, 4, 5]);
    expect(sentAgain).toEqual([]);
    expect(await enqueueShards(queue, shardCount)).toMatchObject({ waiting: 4, completed: 2 });
  });
});

async function forget({ connection }: ShardQueue): Promise<void> {
  const redis = new Redis(connection);
  await redis.flushall();
  await redis.quit();
}
