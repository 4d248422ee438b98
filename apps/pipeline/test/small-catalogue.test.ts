import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { expect, test } from 'vitest';
import { parseConfig } from '../src/config/config.ts';
import { strategyProblems } from '../src/config/config-problems.ts';
import { rodpo } from './rodpo.ts';

/** Twelve items, of which a pool of 9 and 4 of a history leave nothing to draw. */
const lines = Array.from({ length: 12 }, (_, user) =>
  [`u${user}`, ...Array.from({ length: 6 }, (_, place) => `i${(user + place) % 12}`)].join(' '),
);
const strategies = [{ name: 'uniform' }, { name: 'pool', negatives: { from: 'pool', size: 9 } }];
const base = {
  data: { source: 'sequences', path: 'clicks.txt' },
  encoder: { maxLength: 3, dimension: 8, headCount: 1 },
  pretrain: { maxEpochs: 1 },
};
const refusal = /strategy 'pool' needs 13 items \(9 to draw from, 4 excluded\), and there are 12: /;

async function fileOf(settings: object): Promise<{ file: string; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  await writeFile(join(folder, 'clicks.txt'), lines.join('\n'));
  const [file, output] = [join(folder, 'config.json'), join(folder, 'run')];
  await writeFile(file, JSON.stringify({ output, ...settings }));
  return { file, output };
}

test('a pool that the data is too small for is told before anything is learnt', async () => {
  const { file, output } = await fileOf({ ...base, align: { strategies } });

  for (const command of ['run', 'pretrain', 'align']) {
    const failure = rodpo(command, '-c', file);
    await expect(failure).rejects.toThrow(refusal);
    await expect(failure.catch(isActionable)).resolves.toBe(true);
  }
  expect(await readdir(join(output, 'checkpoints'))).toEqual([]);
});

test('a check tells it, as an error that a run would end with', async () => {
  const { file } = await fileOf({ ...base, align: { strategies } });

  await expect(rodpo('check', '-c', file)).rejects.toThrow(/The check found an error/);
});

test('so does a comparison, before its first pretraining', async () => {
  const { file, output } = await fileOf({ base, strategies, seeds: [1] });

  await expect(rodpo('compare', '-c', file)).rejects.toThrow(refusal);
  expect(await readdir(output)).not.toContain('report.html');
  expect(await readdir(join(output, 'dense', 'checkpoints'))).toEqual([]);
});

test.each([
  [{}, undefined, []],
  [{ itemRows: 'host' }, undefined, [expect.stringMatching(/ 4096 candidates: draw from fewer/)]],
  [{}, { candidates: 6000 }, []],
  [{}, { candidates: 5050 }, [expect.stringMatching(/ 5051 items .* 5050 candidates: /)]],
])('pools are no larger than what they are the best of: %j, %j', (own, among, problems) => {
  const negatives = { from: 'pool', size: 5000, ...(among ? { among } : {}) };
  const settings = {
    data: { source: 'sequences', path: 'clicks.txt' },
    align: { exclude: 'history', strategies: [{ name: 'pool', negatives }] },
    encoder: { maxLength: 50 },
    ...own,
  };

  expect(strategyProblems(parseConfig(settings, 'the test'), 10_000)).toEqual(problems);
});
