import {
  deadLetters,
  enqueueShards,
  queueProgress,
  retryDeadLetters,
  type ShardQueue,
  workShards,
} from '@rodpo/queue';
import { range } from '@rodpo/testing';
import { describeWithRedis } from '@rodpo/testing/redis';
import { expect, test } from 'vitest';

describeWithRedis('dead letters', ({ newQueue }) => {
  test('are the shards that used up their attempts, by index, with the last error', async () => {
    const queue = newQueue();
    const calls = new Map<number, number>();
    await enqueueShards(queue, 5, { attempts: 3, backoff: 5 });

    const report = await workShards(queue, async (index) => {
      if (index % 2 === 0) return;
      calls.set(index, (calls.get(index) ?? 0) + 1);
      throw new Error(`shard ${index}, call ${calls.get(index)}`);
    });

    expect(report).toEqual({ done: 3, failed: 6 });
    expect(await queueProgress(queue)).toMatchObject({ completed: 3, delayed: 0, failed: 2 });
    expect(await deadLetters(queue)).toEqual([
      { shardIndex: 1, attempts: 3, error: 'shard 1, call 3' },
      { shardIndex: 3, attempts: 3, error: 'shard 3, call 3' },
    ]);
  });

  test('are none where nothing failed for good', async () => {
    const queue = newQueue();
    await enqueueShards(queue, 2);

    expect(await deadLetters(queue)).toEqual([]);
    expect(await retryDeadLetters(queue)).toBe(0);
  });

  test('sent again, they have all their attempts before them', async () => {
    const queue = newQueue();
    await failAll(queue, 2);
    const calls: number[] = [];

    expect(await retryDeadLetters(queue)).toBe(2);
    expect(await deadLetters(queue)).toEqual([]);
    const report = await workShards(queue, async (index) => {
      calls.push(index);
      if (calls.length <= 2) throw new Error('once more');
    });

    expect(report).toEqual({ done: 2, failed: 2 });
    expect(await queueProgress(queue)).toMatchObject({ completed: 2, failed: 0 });
  });

  test('are listed and sent again in more than one piece', async () => {
    const queue = newQueue();
    await failAll(queue, 1001);

    expect((await deadLetters(queue)).map(({ shardIndex }) => shardIndex)).toEqual(range(1001));
    expect(await retryDeadLetters(queue)).toBe(1001);
    expect(await queueProgress(queue)).toMatchObject({ waiting: 1001, failed: 0 });
  });

  test('sent by two at once, each is sent once', async () => {
    const queue = newQueue();
    await failAll(queue, 50);

    const [one, other] = await Promise.all([retryDeadLetters(queue), retryDeadLetters(queue)]);

    expect(one + other).toBe(50);
    expect(await queueProgress(queue)).toMatchObject({ waiting: 50, failed: 0 });
  });
});

async function failAll(queue: ShardQueue, shardCount: number): Promise<void> {
  await enqueueShards(queue, shardCount, { attempts: 2, backoff: 0 });
  await workShards(queue, () => Promise.reject(new Error('no')), { concurrency: 50 });
}
