import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { extract, itemList, openStore } from '@rodpo/features';
import { compiledPackage } from '@rodpo/testing/compiled-package';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { folderBytes } from '../store/folder-bytes.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { fakeEmbedder, someItems } from './fake-embedder.ts';

const itemCount = 100;
const shardSize = 10;
const options = { shardSize, batchSize: 3, concurrency: 2 };

let compiled: string;
beforeAll(async () => {
  compiled = await compiledPackage(new URL('../../', import.meta.url), [
    'test/extraction/slow-extraction.ts',
    'test/extraction/fake-embedder.ts',
  ]);
});
afterAll(() => rm(compiled, { recursive: true }));

/** Starts `slow-extraction.ts` in a process of its own. */
function start(folder: string, log: string, settings: object): ChildProcess {
  const child = spawn(
    process.execPath,
    [
      ...[join(compiled, 'test/extraction/slow-extraction.js'), folder, log],
      JSON.stringify({ itemCount, ...options, ...settings }),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const prepared = (log: string) =>
  existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [];

const finished = (folder: string) =>
  readdirSync(folder).flatMap((file) => {
    const [, index] = /^shard-(\d+)\.safetensors$/.exec(file) ?? [];
    return index === undefined ? [] : [Number(index)];
  });

/** Shards in which these inputs are. */
const shardsOf = (inputs: readonly string[]) =>
  new Set(inputs.map((input) => Math.floor(Number(input.split(' ')[1]) / shardSize)));

async function uninterrupted(): Promise<Record<string, string>> {
  const folder = temporaryFolder();
  const items = itemList(someItems(itemCount, { 5: 'bad 5', 33: 'nan 33' }));
  await extract(items, fakeEmbedder({ dimension: 512 }), { folder, ...options });
  return folderBytes(folder);
}

test('killed at any time, a run is taken up with nothing lost and nothing done twice', async () => {
  const folder = temporaryFolder();
  const logs: string[] = [];
  for (const killAfter of [1, 12, 17, 29, Infinity]) {
    const log = join(temporaryFolder(), 'log');
    logs.push(log);
    const before = finished(folder);
    const child = start(folder, log, { delay: 4, hangAfter: killAfter });
    const exit = once(child, 'exit');
    while (child.exitCode === null && prepared(log).length < killAfter) await sleep(2);
    child.kill('SIGKILL');
    const [code] = await exit;
    const after = finished(folder);

    expect(code).toBe(killAfter === Infinity ? 0 : null); // null: killed
    // Finished shards are not looked at again …
    expect(before.filter((shard) => shardsOf(prepared(log)).has(shard))).toEqual([]);
    // … and what was prepared in vain belongs to the one in the making, to the one before, while
    // it is written, or to the one after, of which batches are prepared ahead.
    const inVain = [...shardsOf(prepared(log))].filter((shard) => !after.includes(shard));
    expect(inVain.length).toBeLessThanOrEqual(3);
    // No item is prepared twice in one run.
    expect(new Set(prepared(log)).size).toBe(prepared(log).length);
  }

  expect(folderBytes(folder)).toEqual(await uninterrupted());
  const all = new Set(logs.flatMap(prepared));
  expect(all.size).toBe(itemCount);
  const store = await openStore(folder);
  expect(store.failures.map(({ id }) => id)).toEqual(['i5', 'i33']);
  expect(await store.verify()).toEqual([]);
});

test('three processes, each with a share, make the store of one', async () => {
  const folder = temporaryFolder();
  const logs = [1, 2, 3].map((index) => join(temporaryFolder(), `${index}`));
  const children = logs.map((log, place) =>
    start(folder, log, { delay: 1, shard: { index: place + 1, count: 3 } }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));

  expect(codes).toEqual([0, 0, 0]);
  expect(logs.map((log) => [...shardsOf(prepared(log))])).toEqual([
    [0, 3, 6, 9],
    [1, 4, 7],
    [2, 5, 8],
  ]);
  expect(folderBytes(folder)).toEqual(await uninterrupted());
});

test('three processes at the same shards do not disturb each other', async () => {
  const folder = temporaryFolder();
  const children = [1, 2, 3].map((name) =>
    start(folder, join(temporaryFolder(), `${name}`), { delay: 1 }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));

  expect(codes).toEqual([0, 0, 0]);
  expect(folderBytes(folder)).toEqual(await uninterrupted());
});
