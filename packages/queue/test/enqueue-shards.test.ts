import {
  deadLetters,
  enqueueShards,
  queueProgress,
  removeQueue,
  type ShardQueue,
  workShards,
} from '@rodpo/queue';
import { range } from '@rodpo/testing';
import { describeWithRedis } from '@rodpo/testing/redis';
import { Queue } from 'bullmq';
import { expect, test } from 'vitest';

const nothing = { waiting: 0, active: 0, delayed: 0, completed: 0, failed: 0 };

describeWithRedis('enqueueShards', ({ newQueue }) => {
  test.each([1, 12, 2001])('queues each of %i shards once, in order', async (shardCount) => {
    const queue = newQueue();

    expect(await enqueueShards(queue, shardCount)).toEqual({ ...nothing, waiting: shardCount });
    expect(await queueProgress(queue)).toEqual({ ...nothing, waiting: shardCount });
    const jobs = await waitingJobs(queue);
    expect(jobs.map(({ id }) => id)).toEqual(range(shardCount).map((index) => `shard-${index}`));
    expect(jobs.map(({ data }) => data.shardIndex)).toEqual(range(shardCount));
  });

  test('adds nothing when called again, nor when called by several at once', async () => {
    const queue = newQueue();
    await Promise.all(range(4).map(() => enqueueShards(queue, 1500)));

    expect(await enqueueShards(queue, 1500)).toEqual({ ...nothing, waiting: 1500 });
  });

  test('takes up an extraction that was cut short: the rest is made, and nothing twice', async () => {
    const queue = newQueue();
    const made: number[] = [];
    const cut = new AbortController();
    await enqueueShards(queue, 10);
    await workShards(queue, async (index) => made.push(index), {
      onDone: () => made.length === 4 && cut.abort(),
      signal: cut.signal,
    });
    expect(made.length).toBeLessThan(10);

    expect(await enqueueShards(queue, 10)).toEqual({
      ...nothing,
      waiting: 10 - made.length,
      completed: made.length,
    });
    await workShards(queue, async (index) => made.push(index));
    expect(made.toSorted((one, other) => one - other)).toEqual(range(10));
    expect(await enqueueShards(queue, 10)).toEqual({ ...nothing, completed: 10 });
  });

  test('leaves failed shards alone unless asked to send them again', async () => {
    const queue = newQueue();
    await enqueueShards(queue, 3, { attempts: 1 });
    await workShards(queue, async (index) => {
      if (index === 1) throw new Error('no');
    });

    expect(await enqueueShards(queue, 3)).toEqual({ ...nothing, completed: 2, failed: 1 });
    expect(await enqueueShards(queue, 3, { retryFailed: true })).toEqual({
      ...nothing,
      completed: 2,
      waiting: 1,
    });
    expect(await deadLetters(queue)).toEqual([]);
  });

  test('refuses another number of shards under the same name', async () => {
    const queue = newQueue();
    await enqueueShards(queue, 3);

    await expect(enqueueShards(queue, 4)).rejects.toThrow(
      new RangeError(
        `Queue ${queue.name} holds an extraction of 3 shards, got 4. ` +
          'Give another extraction another name, or call removeQueue first.',
      ),
    );
    expect(await queueProgress(queue)).toEqual({ ...nothing, waiting: 3 });
  });

  test('starts from nothing after removeQueue', async () => {
    const queue = newQueue();
    await enqueueShards(queue, 3);
    await workShards(queue, async () => {});
    await removeQueue(queue);

    expect(await queueProgress(queue)).toEqual(nothing);
    expect(await enqueueShards(queue, 4)).toEqual({ ...nothing, waiting: 4 });
  });

  test.each([
    { shardCount: 0, options: {}, message: 'shardCount must be a positive integer, got 0' },
    { shardCount: 2.5, options: {}, message: 'shardCount must be a positive integer, got 2' },
    {
      shardCount: 1,
      options: { attempts: 0 },
      message: 'attempts must be a positive integer, got 0',
    },
    {
      shardCount: 1,
      options: { backoff: -1 },
      message: 'backoff must be an integer from 0, got -1',
    },
  ])('refuses $shardCount shards with $options', async ({ shardCount, options, message }) => {
    const queue = newQueue();

    await expect(enqueueShards(queue, shardCount, options)).rejects.toThrow(message);
    await expect(enqueueShards(queue, shardCount, options)).rejects.toBeInstanceOf(RangeError);
    expect(await queueProgress(queue)).toEqual(nothing);
  });
});

async function waitingJobs({ name, connection }: ShardQueue) {
  const jobs = new Queue(name, { connection: { url: connection } });
  const waiting = await jobs.getWaiting();
  await jobs.close();
  return waiting;
}
