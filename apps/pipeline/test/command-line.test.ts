import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { expect, test } from 'vitest';
import { rodpo } from './rodpo.ts';
import { tinyConfig } from './tiny-run.ts';

async function tinyConfigFile(): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'tiny.json');
  await writeFile(file, JSON.stringify(await tinyConfig()));
  return file;
}

test('the stages called one by one end in the same table as one run', async () => {
  const config = await tinyConfigFile();
  for (const stage of ['prepare', 'pretrain', 'align']) await rodpo(stage, '-c', config);
  const table = (text: string) => text.slice(text.indexOf('model '), text.indexOf('\ndone in'));

  const evaluated = `${await rodpo('evaluate', '-c', config)}\ndone in`;
  const whole = await rodpo('run', '-c', config, '-o', `${config}-whole`);

  expect(table(whole)).toMatch(/stochastic/);
  expect(table(evaluated)).toBe(table(whole));
  expect(whole).toMatch(/done in \d+ s; everything is in .*-whole/);
});

test('config prints every setting, with what the command line overrides', async () => {
  const printed = JSON.parse(await rodpo('config', '--seed', '7', '--engine', 'tfjs'));

  expect(printed).toMatchObject({ seed: 7, engine: { kind: 'tfjs' }, align: { beta: 0.1 } });
});

test.each(['pretrain', 'align'])(
  '%s has no --fresh, which would leave it nothing to go on',
  async (stage) => {
    const config = await tinyConfigFile();

    await expect(rodpo(stage, '-c', config, '--fresh')).rejects.toThrow(/unknown option '--fresh'/);
  },
);

test.each([
  ['align', 'prepare'],
  ['evaluate', 'pretrain'],
])('%s without earlier results says what to run first', async (stage, missing) => {
  const config = await tinyConfigFile();
  if (missing === 'pretrain') await rodpo('prepare', '-c', config);
  const failure = rodpo(stage, '-c', config);

  await expect(failure).rejects.toThrow(`no results of 'rodpo ${missing}'. Run that first`);
  await expect(failure.catch(isActionable)).resolves.toBe(true);
});

test.each([
  ['run', '--output', ''],
  ['config', '--config', ''],
  ['check', '--output', ''],
  ['compare', '-o', ''],
  ['export', '--run', '', '--output', 'bundle'],
  ['export', '--run', 'run', '--site', ''],
  ['recommend', '--bundle', ''],
  ['serve', '--bundle', ''],
  ['studio', '--run', ''],
])('%s takes no empty path for %s', async (...command) => {
  await expect(rodpo(...command)).rejects.toThrow(/Expected a path, got nothing/);
});

test('bad data is named by file and line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  const data = join(folder, 'broken.inter');
  await writeFile(data, 'user_id:token\titem_id:token\ttimestamp:float\n1\t2\tsoon\n');
  const config = join(folder, 'config.json');
  const settings = { output: join(folder, 'run'), data: { source: 'inter', path: 'broken.inter' } };
  await writeFile(config, JSON.stringify(settings));

  const failure = rodpo('prepare', '-c', config);

  await expect(failure).rejects.toThrow(`${data}:2: `);
  await expect(failure.catch(isActionable)).resolves.toBe(true);
});

test('a data file that is not there is named, with what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  const config = join(folder, 'config.json');
  const settings = { output: join(folder, 'run'), data: { source: 'sequences', path: 'no.txt' } };
  await writeFile(config, JSON.stringify(settings));

  await expect(rodpo('prepare', '-c', config)).rejects.toThrow(
    `there is no file ${join(folder, 'no.txt')}`,
  );
});

test.each([
  [['--engine', 'jax'], /onnxruntime or tfjs/],
  [['--seed', '-1'], /whole number/],
  [['--config', 'nowhere.json'], /nowhere\.json/],
])('refuses %j', async (options, message) => {
  await expect(rodpo('config', ...options)).rejects.toThrow(message);
});
