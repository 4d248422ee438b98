import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { longRun } from './long-run.ts';
import { type Started, startRodpo } from './start-rodpo.ts';

const started: Started[] = [];
const start = (config: string, output: string) => {
  const one = startRodpo('run', '-c', config, '-o', output);
  started.push(one);
  return one;
};

afterEach(() => {
  for (const { process: child } of started.splice(0)) child.kill('SIGKILL');
});

test('a run that was killed three times in training ends as one that nobody killed', async () => {
  const config = await longRun({ pretrainEpochs: 4, alignEpochs: 3 });
  const [whole, killed] = [`${config}-whole`, `${config}-killed`];
  expect(await start(config, whole).ended).toBe(0);

  // Each line is said when the steps of its epoch are done, and before its checkpoint is whole.
  for (const line of [/pretrain epoch 1:/, /pretrain epoch 3:/, /align-stochastic epoch 2:/]) {
    const { process: child, printed, ended } = start(config, killed);
    await printed(line);
    child.kill('SIGKILL');
    expect(await ended).not.toBe(0);
  }
  expect(await start(config, killed).ended).toBe(0);

  expect(await filesOf(killed)).toEqual(await filesOf(whole));
}, 300_000);

/** Checkpoints, ranks and the summary, byte by byte: all of a run that tells no times. */
async function filesOf(run: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {
    'summary.json': await readFile(join(run, 'summary.json'), 'base64'),
  };
  for (const folder of ['checkpoints', 'results']) {
    for (const name of await readdir(join(run, folder))) {
      if (!name.endsWith('.safetensors')) continue;
      files[join(folder, name)] = await readFile(join(run, folder, name), 'base64');
    }
  }
  expect(Object.keys(files).length).toBeGreaterThan(6);
  return files;
}
