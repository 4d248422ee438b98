import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { unsealed } from '@rodpo/files';
import { beforeAll, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { errorText } from '../../src/run/error-text.ts';
import { openRun } from '../../src/run/run.ts';
import type { Summary } from '../../src/stages/evaluate.ts';
import { silent, tinyConfig } from '../tiny-run.ts';
import { damagesOf, filesOf } from './damages.ts';
import { summaryOf, wholeRun } from './whole-run.ts';

let config: Config;
let expected: Summary;
let files: string[];

beforeAll(async () => {
  config = await tinyConfig({
    ...wholeRun,
    pretrain: { maxEpochs: 2 },
    align: {
      maxEpochs: 1,
      strategies: [{ name: 'hard', negatives: { from: 'pool', size: 1 } }, { name: 'uniform' }],
    },
  });
  expected = await summaryOf(config);
  files = await filesOf(config.output);
}, 120_000);

/** A copy of the finished run, for one damage. */
async function copyOf(name: string): Promise<Config> {
  const output = `${config.output}-${name}`;
  await cp(config.output, output, { recursive: true });
  return { ...config, output };
}

/** What comes of a damaged run: its error, or a summary. */
async function outcomeOf(own: Config): Promise<Summary | Error> {
  return summaryOf(own).catch((error: Error) => error);
}

/** Nothing of a run reads these: each run makes them anew. */
const madeAnew = /^(versions|summary)\.json$|^results\//;
/** Its figures are the checkpoint's, and its times are nobody's result. */
const logs = /^metrics\//;

test('damage of any file is one line, or changes nothing', async () => {
  expect(files.length).toBeGreaterThan(15);
  const problems: string[] = [];
  const noticed = new Map<string, number>();
  for (const [index, { name, file, kind, apply }] of damagesOf(files).entries()) {
    // Each of these has the run evaluated again: two kinds are enough of what nobody reads.
    if (madeAnew.test(file) && kind !== 'emptied' && kind !== 'removed') continue;
    const own = await copyOf(`damage-${index}`);
    await apply(own.output);
    const outcome = await outcomeOf(own);
    await rm(own.output, { recursive: true });

    if (outcome instanceof Error) {
      const text = errorText(outcome);
      if (!/^error: [^\n]+\.$/.test(text)) problems.push(`${name}: ${text}`);
      noticed.set(file, (noticed.get(file) ?? 0) + 1);
    } else if (!isDeepStrictEqual(outcome, expected)) problems.push(`${name}: other figures`);
  }
  expect(problems).toEqual([]);
  const unnoticed = files.filter((file) => !noticed.has(file));
  expect(unnoticed.filter((file) => !logs.test(file))).toEqual(
    files.filter((file) => madeAnew.test(file)),
  );
}, 600_000);

test.each([
  [
    'pretrain.safetensors',
    'pretrain.latest.safetensors',
    /expected the latest weights of pretrain/,
  ],
  ['align-hard.safetensors', 'align-uniform.safetensors', /expected the best weights of align-uni/],
  ['pretrain.safetensors', 'align-hard.safetensors', /got the best weights of pretrain/],
])(
  '%s in the place of %s is refused',
  async (from, to, message) => {
    const own = await copyOf(`swap-${from}-${to}`);
    await cp(join(own.output, 'checkpoints', from), join(own.output, 'checkpoints', to));

    await expect(summaryOf(own)).rejects.toThrow(message);
  },
  60_000,
);

test('a checkpoint of a run with other settings is refused', async () => {
  const other = await tinyConfig({ pretrain: { maxEpochs: 1 }, align: { maxEpochs: 1 } });
  await summaryOf({ ...other, seed: 2 });
  const own = await copyOf('foreign');
  const name = join('checkpoints', 'pretrain.safetensors');
  await cp(join(other.output, name), join(own.output, name));

  await expect(summaryOf(own)).rejects.toThrow(/of a run with other settings or data/);
}, 60_000);

test('a torn last line of the metrics does not keep a run from going on', async () => {
  const own = await copyOf('torn');
  const path = join(own.output, 'metrics', 'align-hard.jsonl');
  const whole = await readFile(path, 'utf8');
  await writeFile(path, whole.slice(0, -40));

  expect(await summaryOf(own)).toEqual(expected);
  const { sha256: _, ...entry } = JSON.parse(whole);
  const lost = { ...entry, seconds: null, examplesPerSecond: null };
  expect(unsealed(JSON.parse(await readFile(path, 'utf8')))).toEqual(lost);
}, 60_000);

test('an altered time in the log is not known, and an altered line without a checkpoint is refused', async () => {
  const own = await copyOf('altered');
  const path = join(own.output, 'metrics', 'align-hard.jsonl');
  const whole = await readFile(path, 'utf8');
  await writeFile(path, whole.replace(/"seconds":\d/, '"seconds":9'));
  const run = await openRun(own, silent);

  expect(await run.logged('align-hard')).toMatchObject([
    { seconds: null, examplesPerSecond: null },
  ]);
  await rm(join(own.output, 'checkpoints', 'align-hard.latest.safetensors'));
  await expect(run.logged('align-hard')).rejects.toThrow(
    `${path}:1: it holds no checksum that fits`,
  );
  await run.close();
});
