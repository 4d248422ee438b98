import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compiledPackage } from '@rodpo/testing/compiled-package';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { batchesPerEpoch } from './tiny-training.ts';

let compiled: string;
beforeAll(async () => {
  const files = ['test/fit/child.ts', 'test/fit/tiny-training.ts'];
  compiled = await compiledPackage(new URL('../../', import.meta.url), files);
});
afterAll(() => rm(compiled, { recursive: true }));

/**
 * Trains in a process of its own, which is killed as soon as it says `until`.
 *
 * @returns what it said, and the signal that ended it
 */
async function train(folder: string, until?: string) {
  const child = join(compiled, 'test/fit/child.js');
  const delayMs = until ? '200' : '0';
  const trainer = spawn(process.execPath, [child, folder, delayMs], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void trainer.kill('SIGKILL'));
  const exit = once(trainer, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: trainer.stdout })) {
    lines.push(line);
    if (line === until) trainer.kill('SIGKILL');
  }
  const [, signal] = await exit;
  return { lines, signal };
}

/** All bytes that a training leaves, but TensorBoard's, which hold the time. */
function left(folder: string): Record<string, Buffer> {
  const checkpoints = readdirSync(join(folder, 'checkpoints')).map((name) => `checkpoints/${name}`);
  return Object.fromEntries(
    [...checkpoints, 'log.jsonl'].map((name) => [name, readFileSync(join(folder, name))]),
  );
}

test('killed in mid-epoch three times, it leaves the bytes of a run that was not', async () => {
  const [whole, killed] = [temporaryFolder(), temporaryFolder()];
  expect((await train(whole)).signal).toBeNull();

  // Steps 3, 4, 7, 8, … are saved. Killed before any; in the middle of epoch 2 between two saves;
  // and again, right after the last step of epoch 3.
  const kills = [2, 6, 12];
  const starts: string[] = [];
  for (const step of kills) {
    expect(step === 12 || step % batchesPerEpoch !== 0).toBe(true);
    const { lines, signal } = await train(killed, `step ${step}`);
    expect(signal).toBe('SIGKILL');
    expect(lines.at(-1)).toBe(`step ${step}`);
    starts.push(lines[0]!);
  }
  const { lines, signal } = await train(killed);

  expect(signal).toBeNull();
  expect([...starts, lines[0]]).toEqual(['start 0', 'start 0', 'start 4', 'start 11']);
  expect(lines.at(-1)).toBe('end');
  expect(left(killed)).toEqual(left(whole));
  expect(Object.keys(left(whole))).toEqual([
    'checkpoints/best.safetensors',
    'checkpoints/latest.safetensors',
    'log.jsonl',
  ]);
  // One for every process that started.
  expect(readdirSync(join(killed, 'events'))).toHaveLength(kills.length + 1);
});
