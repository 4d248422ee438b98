import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  appendJsonLine,
  isPartial,
  readJsonLines,
  readSafetensors,
  readShards,
  removeStalePartials,
  writeShards,
} from '@rodpo/files';
import { compiledPackage } from '@rodpo/testing/compiled-package';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { startChild } from './start-child.ts';

let compiled: string;
beforeAll(async () => {
  compiled = await compiledPackage(new URL('../../', import.meta.url), ['test/processes/child.ts']);
});
afterAll(() => rm(compiled, { recursive: true }));

/** Lets a child work for a while, of another length in each round. */
async function killAfterWork(folder: string, task: string, round: number): Promise<void> {
  const child = startChild(compiled, task, folder, 'a');
  const file = join(folder, { write: 'file', weights: 'weights', log: 'log' }[task]!);
  while (!existsSync(file)) await sleep(1);
  await sleep(3 * round);
  const isWriting = () => task === 'log' || readdirSync(folder).some(isPartial);
  while (!isWriting()) await sleep(1);
  await child.kill();
}

test('killed while it writes, a writer leaves a whole file', async () => {
  const folder = temporaryFolder();
  let leftOver = 0;
  for (let round = 0; round < 8; round++) {
    await killAfterWork(folder, 'weights', round);
    const { tensors, metadata } = await readSafetensors(join(folder, 'weights'), {
      requireChecksum: true,
    });

    expect(new Set(tensors.x!.data)).toEqual(new Set([Number(metadata.epoch)]));
    leftOver += readdirSync(folder).filter(isPartial).length;
    await removeStalePartials(folder, { olderThanMs: 0 });
    expect(readdirSync(folder)).toEqual(['weights']);
  }
  expect(leftOver).toBeGreaterThan(0); // it was in the middle of a write
});

test('killed while it writes shards, a writer leaves those of one time', async () => {
  const folder = temporaryFolder();
  const shards = join(folder, 'shards');
  const whole = 5; // four shards, and their index
  let leftOver = 0;
  for (let round = 0; round < 8; round++) {
    const child = startChild(compiled, 'shards', folder);
    while (!existsSync(join(shards, 'index.json'))) await sleep(1);
    await sleep(20 + 7 * round);
    while (readdirSync(shards).length === whole) await sleep(1);
    await child.kill();
    const { tensors, metadata } = await readShards(shards);

    expect(new Set(tensors.x!.data)).toEqual(new Set([Number(metadata.epoch)]));
    leftOver += readdirSync(shards).length === whole ? 0 : 1;
    await writeShards(shards, tensors, metadata, { maxShardBytes: 1 << 18 });
    expect(readdirSync(shards)).toHaveLength(whole);
  }
  expect(leftOver).toBeGreaterThan(0); // it was in the middle of a write
});

test('killed while it appends, a log has whole values and goes on', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'log');
  for (let round = 0; round < 5; round++) {
    await rm(file, { force: true });
    await killAfterWork(folder, 'log', round);
    const { values } = await readJsonLines(file);

    const epochs = (values as { epoch: number }[]).map(({ epoch }) => epoch);
    expect(epochs).toEqual(epochs.map((_, index) => index + 1));
    await appendJsonLine(file, 'next');
    expect(await readJsonLines(file)).toEqual({ values: [...values, 'next'], torn: false });
  }
});

test('two writers at once are not mixed', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  const children = ['a', 'b'].map((letter) => startChild(compiled, 'write', folder, letter));
  while (!existsSync(file)) await sleep(1);
  const seen = new Set<string>();
  for (let read = 0; read < 200 && (read < 20 || seen.size < 2); read++) {
    await sleep(5);
    const bytes = readFileSync(file);
    expect(bytes).toHaveLength(8 << 18);
    const letters = new Set(bytes);
    expect(letters.size).toBe(1);
    seen.add([...letters].join());
  }
  expect(seen.size).toBe(2);
  await Promise.all(children.map((child) => child.kill()));
});
