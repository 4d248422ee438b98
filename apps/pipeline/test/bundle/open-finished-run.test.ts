import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { expect, test } from 'vitest';
import { openFinishedRun } from '../../src/bundle/open-finished-run.ts';
import { openRun } from '../../src/run/run.ts';
import { prepare } from '../../src/stages/prepare.ts';
import { rodpo } from '../rodpo.ts';
import { silent, tinyConfig } from '../tiny-run.ts';

const opening = (folder: string) => openFinishedRun(folder, silent, {});

test('a run that ended before its data was there is told, and its neighbours are left alone', async () => {
  const config = await tinyConfig();
  await (await openRun(config, silent)).close();

  const failure = opening(config.output);

  await expect(failure).rejects.toThrow(
    `The data of the run in ${config.output} was never prepared. Let the run come to its end`,
  );
  await expect(failure.catch(isActionable)).resolves.toBe(true);
  expect(await readdir(dirname(config.output))).toEqual(['run']);
});

test('a run whose data lies in the folder above reads it there, however the folder is named', async () => {
  const config = await tinyConfig();
  const above = await openRun(config, silent);
  await prepare(above);
  await above.close();
  const seed = join(config.output, 'seed-1');
  await (await openRun({ ...config, output: seed }, silent, { inputs: config.output })).close();

  for (const name of [seed, `${seed}/`, `${seed}/results/..`]) {
    const run = await opening(name);
    await run.close();

    expect(run.file('data', 'ids.json')).toBe(join(config.output, 'data', 'ids.json'));
  }
});

test('of a run that has trained nothing no model is asked for by another name', async () => {
  const config = await tinyConfig();
  const run = await openRun(config, silent);
  await prepare(run);
  await run.close();

  await expect(
    rodpo('export', '--run', config.output, '-o', join(dirname(config.output), 'bundle')),
  ).rejects.toThrow(/has no model "pretrained"\. Nothing is trained there: let 'rodpo run'/);
});
