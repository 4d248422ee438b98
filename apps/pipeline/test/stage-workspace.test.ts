import { expect, test } from 'vitest';
import type { Dataset } from '../src/data/dataset.ts';
import type { Run } from '../src/run/run.ts';
import { prepare } from '../src/stages/prepare.ts';
import { workspaceOf } from '../src/stages/workspace.ts';
import { tinyConfig, tinyRun } from './tiny-run.ts';

let made: Promise<{ readonly run: Run; readonly dataset: Dataset }> | undefined;
const prepared = () =>
  (made ??= (async () => {
    const run = await tinyRun();
    return { run, dataset: await prepare(run) };
  })());

async function opened(changes: Record<string, object>) {
  const { run, dataset } = await prepared();
  const config = await tinyConfig({ encoder: { maxLength: 4 }, ...changes });
  return workspaceOf({ ...run, config }, dataset);
}

/** Of every user's training part, how often windows `stride` apart hold an item that has one before it. */
function windowTokens({ sequences }: Dataset, stride: number): number {
  let tokens = 0;
  for (const { length } of sequences) {
    const items = Math.max(0, length - 2);
    const windows = 1 + Math.ceil(Math.max(0, items - 5) / stride);
    // All are full but where the whole part is shorter than one.
    tokens += items <= 5 ? Math.max(0, items - 1) : 4 * windows;
  }
  return tokens;
}

test('windows go over the whole training part, as far apart as the config says', async () => {
  const { dataset } = await prepared();
  const ends = await opened({});
  const windows = await opened({ batch: { windows: {} } });
  const close = await opened({ batch: { windows: { stride: 2 } } });

  expect(ends.set.tokenCount).toBeLessThan(windows.set.tokenCount);
  expect(windows.set.tokenCount).toBe(windowTokens(dataset, 4));
  expect(close.set.tokenCount).toBe(windowTokens(dataset, 2));
});

test('a sample of the validation is taken if the config says so', async () => {
  expect(await opened({})).not.toHaveProperty('validationSample');
  expect(await opened({ evaluate: { sample: 7 } })).toHaveProperty('validationSample', 7);
});
