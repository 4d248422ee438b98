import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileDamagedError } from '@rodpo/files';
import { jsonLinesLog, type LogEntry, logTo, type ScalarLog } from '@rodpo/trainer';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

const fresh = () => join(temporaryFolder(), 'logs', 'log.jsonl');
const start = { epoch: 0, totalStep: 0 };
const lines = (file: string) => readFileSync(file, 'utf8').split('\n').slice(0, -1);

async function write(log: ScalarLog, entries: readonly LogEntry[]): Promise<void> {
  for (const entry of entries) await log.write(entry);
}

test('is a line of figures for each entry', async () => {
  const file = fresh();
  const log = jsonLinesLog(file);
  await log.begin(start);
  await write(log, [
    { step: 1, figures: { loss: 0.5, share: Number.NaN } },
    { step: 1, epoch: 1, figures: { mean: 0.25 } },
  ]);
  await log.close();

  expect(lines(file)).toEqual([
    '{"step":1,"loss":0.5,"share":null}',
    '{"step":1,"epoch":1,"mean":0.25}',
  ]);
});

test('begins after what was saved: later lines and a torn one are taken back', async () => {
  const file = fresh();
  const log = jsonLinesLog(file);
  await log.begin(start);
  const step = (at: number): LogEntry => ({ step: at, figures: { loss: at } });
  await write(log, [step(1), step(2), { step: 2, epoch: 1, figures: {} }, step(3), step(4)]);
  appendFileSync(file, '{"step":5,"lo');

  const after = async (epoch: number, totalStep: number) => {
    await jsonLinesLog(file).begin({ epoch, totalStep });
    return lines(file);
  };
  expect(await after(1, 3)).toEqual([
    '{"step":1,"loss":1}',
    '{"step":2,"loss":2}',
    '{"step":2,"epoch":1}',
    '{"step":3,"loss":3}',
  ]);
  // Saved after the last step of an epoch, which was then logged but not saved.
  expect(await after(0, 2)).toEqual(['{"step":1,"loss":1}', '{"step":2,"loss":2}']);
  expect(await after(0, 0)).toEqual([]);
});

test('refuses a file that is no log', async () => {
  const file = join(temporaryFolder(), 'log.jsonl');
  writeFileSync(file, '{"loss":1}\n');
  const begun = jsonLinesLog(file).begin(start);

  await expect(begun).rejects.toThrow(FileDamagedError);
  await expect(begun).rejects.toThrow('expected figures of steps, got a line without one');
});

test('logTo names what steps and epochs tell, and passes over steps', async () => {
  const calls: unknown[] = [];
  const log: ScalarLog = {
    begin: async ({ totalStep }) => void calls.push(['begin', totalStep]),
    write: async (entry) => void calls.push(entry),
    close: async () => void calls.push('close'),
  };
  const { onStart, onStep, onEpoch, onEnd } = logTo(log, { everySteps: 2 });
  const progress = (totalStep: number, epoch = 0) => ({
    epoch,
    best: { epoch: 0, figure: 0 },
    step: 0,
    totalStep,
    seed: 0,
    sums: { weight: 0, figures: {} },
  });
  await onStart!(progress(4));
  for (const step of [5, 6]) await onStep!({ progress: progress(step), figures: { loss: step } });
  const report = { figures: { loss: 5.5 }, validation: 0.5, isBest: true };
  await onEpoch!({ progress: progress(7, 2), ...report });
  await onEnd!(progress(7, 2));

  expect(calls).toEqual([
    ['begin', 4],
    { step: 6, figures: { 'step/loss': 6 } },
    { step: 7, epoch: 2, figures: { 'epoch/loss': 5.5, 'epoch/validation': 0.5 } },
    'close',
  ]);
  expect(() => logTo(log, { everySteps: 0 })).toThrow('everySteps must be a positive integer');
});
