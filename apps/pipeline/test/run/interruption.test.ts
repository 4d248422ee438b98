import { readdir } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { longRun } from './long-run.ts';
import { type Started, startRodpo } from './start-rodpo.ts';

const started: Started[] = [];
const start = (...args: string[]) => {
  const one = startRodpo(...args);
  started.push(one);
  return one;
};

afterEach(() => {
  for (const { process: child } of started.splice(0)) child.kill('SIGKILL');
});

const isPassing = (name: string) => name.startsWith('.lock') || name.endsWith('.partial');

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)(
  '%s ends training with %d, and leaves nothing half done',
  async (signal, code) => {
    const config = await longRun({ pretrainEpochs: 10_000, alignEpochs: 1 });
    const output = `${config}-run`;
    const {
      process: child,
      printed,
      output: text,
      ended,
    } = start('run', '-c', config, '-o', output);
    await printed(/pretrain epoch 2/);
    child.kill(signal);

    expect(await ended).toBe(code);
    expect(text()).toMatch(/interrupted: the same command goes on from here\n$/);
    expect(text()).not.toMatch(/\n +at /);
    const left = await readdir(output, { recursive: true });
    expect(left.filter(isPassing)).toEqual([]);
  },
  300_000,
);

test('a signal before anything was opened is heard', async () => {
  const config = await longRun({ pretrainEpochs: 10_000, alignEpochs: 1 });
  const { process: child, printed, ended } = start('run', '-c', config, '-o', `${config}-run`);
  await printed(/rodpo run/);
  child.kill('SIGTERM');

  expect(await ended).toBe(143);
}, 300_000);

test('the second of two processes in one folder says who is there, and changes nothing', async () => {
  const config = await longRun({ pretrainEpochs: 10_000, alignEpochs: 1 });
  const args = ['run', '-c', config, '-o', `${config}-run`];
  const first = start(...args);
  await first.printed(/pretrain epoch 1/);
  const second = start(...args);

  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`in use by process ${first.process.pid}`);
  expect(second.output()).toContain('rodpo run');
  first.process.kill('SIGTERM');
  expect(await first.ended).toBe(143);
}, 300_000);
