import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { deriveSeed, seededRandom } from '@rodpo/random';
import { beforeAll, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { openRun } from '../../src/run/run.ts';
import type { Summary } from '../../src/stages/evaluate.ts';
import { silent, tinyConfig } from '../tiny-run.ts';

let config: Config;
let expected: Summary;
let files: string[];

async function summaryOf(own: Config): Promise<Summary> {
  const run = await openRun(own, silent);
  try {
    return await runPipeline(run);
  } finally {
    await run.close();
  }
}

beforeAll(async () => {
  config = await tinyConfig({
    data: { userCount: 80, itemCount: 60 },
    features: { text: { encoder: 'tfidf', dimension: 8 }, shardSize: 25 },
    encoder: { streams: ['id', 'text'] },
    pretrain: { maxEpochs: 2 },
    align: {
      maxEpochs: 1,
      strategies: [{ name: 'hard', negatives: { from: 'pool', size: 1 } }, { name: 'uniform' }],
    },
  });
  expected = await summaryOf(config);
  const found = await readdir(config.output, { recursive: true });
  const isFile = async (name: string) => (await stat(join(config.output, name))).isFile();
  const kinds = await Promise.all(found.map(isFile));
  files = found.filter((_, index) => kinds[index]).sort();
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

test('one flipped bit in any file is an error, or changes nothing', async () => {
  expect(files.length).toBeGreaterThan(15);
  let refused = 0;
  for (const [index, file] of files.entries()) {
    const own = await copyOf(`flip-${index}`);
    const path = join(own.output, file);
    const bytes = await readFile(path);
    const random = seededRandom(deriveSeed(7, file));
    bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
    await writeFile(path, bytes);
    const outcome = await outcomeOf(own);

    if (!(outcome instanceof Error)) expect(outcome, file).toEqual(expected);
    else expect(isActionable(outcome), `${file}: ${outcome.stack}`).toBe(true);
    if (outcome instanceof Error) refused++;
  }
  // Results are made anew, and metrics are for people: what else there is must be noticed.
  expect(refused).toBeGreaterThan(8);
}, 300_000);

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
  const { seconds: _, examplesPerSecond: __, ...figures } = JSON.parse(whole);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject(figures);
}, 60_000);
