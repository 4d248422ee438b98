import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ComparisonFolder } from '../../src/compare/comparison-folder.ts';
import type { Unit } from '../../src/compare/units.ts';
import { plainReporter } from '../../src/run/reporter.ts';

const queueProgress = vi.fn();
const completeShards = vi.fn();
vi.doMock('@rodpo/queue', () => ({ queueProgress, completeShards }));
// The timers of a promise know no others than the clock's own.
vi.doMock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: (milliseconds: number, value: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise((resolve, reject) => {
      setTimeout(resolve, milliseconds, value);
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
}));
// Whoever loaded it before us loaded it with a queue.
vi.resetModules();
const { queueUnits } = await import('../../src/compare/queue-units.ts');

const units: Unit[] = [{ phase: 'pretrain', encoder: 'dense', seed: 1 }];
const lines: string[] = [];
const comparison = {
  id: 'one',
  reporter: plainReporter((line) => lines.push(line)),
  signal: new AbortController().signal,
} as ComparisonFolder;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A queue that is drained when `end` is called; until then all that is left is in the hands of others. */
function busyQueue(): { end: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  queueProgress.mockResolvedValue({ active: 2, waiting: 0, delayed: 0 });
  completeShards.mockImplementation(async () => {
    await promise;
    return { missing: [], deadLetters: [] };
  });
  return { end: resolve };
}

test('it is said once that others are at what is left, and nobody looks any more at the end', async () => {
  const queue = busyQueue();
  const done = queueUnits(comparison, units, { queue: 'redis://nowhere' });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(lines).toEqual(['pretrain: waiting for 2 units that others are at']);
  queue.end();
  await done;
});

test('a phase that ends before anybody looked leaves no look behind', async () => {
  lines.length = 0;
  queueProgress.mockClear();
  const queue = busyQueue();
  const done = queueUnits(comparison, units, { queue: 'redis://nowhere' });
  await vi.advanceTimersByTimeAsync(100);
  queue.end();
  await done;
  await vi.advanceTimersByTimeAsync(10_000);

  expect(queueProgress).not.toHaveBeenCalled();
  expect(lines).toEqual([]);
});
