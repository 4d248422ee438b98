import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { extract, itemList } from '@rodpo/features';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { fakeEmbedder, someItems } from './fake-embedder.ts';

const beforeRename = vi.hoisted(() => ({ hook: async (_to: string) => {} }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const rename: typeof real.rename = async (from, to) => {
    await beforeRename.hook(String(to));
    return real.rename(from, to);
  };
  return { ...real, rename };
});

/** A promise, and what fulfils it. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

const numberOf = (input: string) => Number(input.split(' ')[1]);

test.each([
  { shardSize: 100, batchSize: 8, concurrency: 4 },
  { shardSize: 10, batchSize: 4, concurrency: 16 }, // batches of 4, 4 and 2
  { shardSize: 3, batchSize: 8, concurrency: 2 }, // batches are as small as shards
  { shardSize: 100, batchSize: 1, concurrency: 64 },
])(
  'however slow the model, three batches are in memory: $shardSize, $batchSize, $concurrency',
  async (options) => {
    let [waiting, most, inWork, mostInWork] = [0, 0, 0, 0];
    const embedder = fakeEmbedder({
      onPrepare: async () => {
        most = Math.max(most, ++waiting);
        mostInWork = Math.max(mostInWork, ++inWork);
        await sleep(0);
        inWork--;
      },
      onEmbed: async (batch) => {
        await sleep(3);
        waiting -= batch.length;
      },
    });
    await extract(itemList(someItems(60)), embedder, { folder: temporaryFolder(), ...options });

    const { batchSize, shardSize, concurrency } = options;
    expect(waiting).toBe(0);
    expect(most).toBeLessThanOrEqual(3 * Math.min(batchSize, shardSize));
    expect(most).toBeGreaterThan(Math.min(batchSize, shardSize)); // or nothing would overlap
    expect(mostInWork).toBeLessThanOrEqual(concurrency);
  },
);

test('as many inputs are prepared at a time as allowed', async () => {
  const three = gate();
  let inWork = 0;
  const onPrepare = () => {
    if (++inWork === 3) three.open();
    return three.opened; // would wait forever for one that does not come
  };
  const options = { folder: temporaryFolder(), concurrency: 3 };

  expect(await extract(itemList(someItems(4)), fakeEmbedder({ onPrepare }), options)).toMatchObject(
    { complete: true },
  );
});

test('the next shard’s inputs are prepared while a shard’s last batch is embedded', async () => {
  const next = gate();
  const embedder = fakeEmbedder({
    onPrepare: (input) => {
      if (numberOf(input) === 4) next.open();
    },
    onEmbed: async (batch) => {
      if (batch.includes('input 3')) await next.opened; // would wait forever
    },
  });
  const options = { folder: temporaryFolder(), shardSize: 4, batchSize: 2 };

  expect(await extract(itemList(someItems(8)), embedder, options)).toMatchObject({
    complete: true,
  });
});

test('a shard is written while the next is embedded, but not the one after that', async () => {
  const secondShard = gate();
  const events: string[] = [];
  const embedder = fakeEmbedder({
    onEmbed: (batch) => {
      events.push(`embed ${numberOf(batch.at(-1)!)}`);
      if (batch.includes('input 3')) secondShard.open(); // the second shard's last
    },
  });
  beforeRename.hook = async (to) => {
    if (!to.includes('shard-00000')) return;
    await secondShard.opened; // would wait forever
    await sleep(50); // the third shard would be begun by now
    events.push('written');
  };
  const options = { folder: temporaryFolder(), shardSize: 2, batchSize: 1 };
  await extract(itemList(someItems(6)), embedder, options).finally(() => {
    beforeRename.hook = async () => {};
  });

  expect(events.slice(0, 6)).toEqual([
    ...['embed 0', 'embed 1', 'embed 2', 'embed 3', 'written', 'embed 4'],
  ]);
});

test('a shard that cannot be written stops the run', async () => {
  beforeRename.hook = async (to) => {
    if (to.includes('shard-00001')) throw new Error('disk full');
  };
  const folder = temporaryFolder();
  const run = extract(itemList(someItems(12)), fakeEmbedder(), { folder, shardSize: 2 }).finally(
    () => {
      beforeRename.hook = async () => {};
    },
  );

  await expect(run).rejects.toThrow('disk full');
  expect(readdirSync(folder)).toEqual(['shard-00000.safetensors']);
});

test('nothing goes on after the run has stopped', async () => {
  let inWork = 0;
  const embedder = fakeEmbedder({
    onPrepare: async (input) => {
      inWork++;
      await sleep(input === 'bug' ? 0 : 5);
      inWork--;
    },
  });
  const items = itemList(someItems(40, { 1: 'bug' }));
  const options = { folder: temporaryFolder(), batchSize: 4, concurrency: 8 };

  await expect(extract(items, embedder, options)).rejects.toThrow('bug');
  expect(inWork).toBe(0);
});
