import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileDamagedError, readTensors, writeTensors } from '@rodpo/files';
import { beforeAll, expect, test } from 'vitest';
import type { ComparisonFolder } from '../../src/compare/comparison-folder.ts';
import { isDone } from '../../src/compare/unit-results.ts';
import type { Config } from '../../src/config/config.ts';
import { errorText } from '../../src/run/error-text.ts';
import { openRun } from '../../src/run/run.ts';
import type { Summary } from '../../src/stages/evaluate.ts';
import { figuresFile } from '../../src/stages/evaluate-model.ts';
import { silent, tinyConfig, tinyRun } from '../tiny-run.ts';
import { summaryOf, wholeRun } from './whole-run.ts';

let config: Config;
let expected: Summary;

/** As they are if they are larger: nothing else of a test is. */
const inShards = { shardAboveBytes: 0, maxShardBytes: 4096 };

beforeAll(async () => {
  config = await tinyConfig({
    ...wholeRun,
    pretrain: { maxEpochs: 2 },
    align: { maxEpochs: 1, strategies: [{ name: 'uniform' }] },
  });
  expected = await summaryOf(config);
  for (const part of ['checkpoints', 'data', 'results']) {
    const names = await readdir(join(config.output, part));
    for (const name of names.filter((each) => each.endsWith('.safetensors'))) {
      const file = join(config.output, part, name);
      const { tensors, metadata } = await readTensors(file);
      await writeTensors(file, tensors, metadata, inShards);
    }
  }
}, 120_000);

test('a run of shards goes on as one of files does', async () => {
  expect(await readdir(join(config.output, 'checkpoints'))).toEqual([
    'align-uniform.latest.shards',
    'align-uniform.shards',
    'pretrain.latest.shards',
    'pretrain.shards',
  ]);
  expect(await readdir(join(config.output, 'data'))).toContain('interactions.shards');
  expect(await summaryOf(config)).toEqual(expected);

  const run = await openRun(config, silent);
  expect((await run.logged('pretrain')).map(({ epoch }) => epoch)).toEqual([1, 2]);
  await run.close();
}, 60_000);

test('a shard that is missing or of another stage is one line that names it', async () => {
  const of = (stage: string) => join(config.output, 'checkpoints', `${stage}.shards`);
  const shard = join(of('pretrain'), '1-00001.safetensors');
  const whole = await readFile(shard);
  await rm(shard);
  const missing = await summaryOf(config).catch((error: Error) => error);
  await writeFile(shard, await readFile(join(of('align-uniform'), '1-00001.safetensors')));
  const other = await summaryOf(config).catch((error: Error) => error);
  await writeFile(shard, whole);

  for (const error of [missing, other]) {
    expect(error).toBeInstanceOf(FileDamagedError);
    expect(errorText(error)).toMatch(/^error: [^\n]*1-00001\.safetensors: it is [^\n]+\.$/);
  }
  expect(await summaryOf(config)).toEqual(expected);
}, 60_000);

test('pretraining is done when its weights are there, in one file or in shards', async () => {
  const run = await tinyRun();
  const comparison = { runOf: async () => run } as unknown as ComparisonFolder;
  const unit = { phase: 'pretrain', encoder: 'dense', seed: 1 } as const;
  const weights = { w: { shape: [1], data: Float32Array.of(1) } };
  const file = run.file('checkpoints', 'pretrain.safetensors');
  await writeFile(figuresFile(run, 'pretrained'), '{}');
  expect(await isDone(comparison, unit)).toBe(false);

  await writeTensors(file, weights);
  expect(await isDone(comparison, unit)).toBe(true);
  await writeTensors(file, weights, {}, inShards);
  expect(await isDone(comparison, unit)).toBe(true);
  await rm(figuresFile(run, 'pretrained'));
  expect(await isDone(comparison, unit)).toBe(false);
});

test('fresh removes shards as it does files, and says what stays among them', async () => {
  const notes = join('checkpoints', 'pretrain.shards', 'notes.md');
  await writeFile(join(config.output, notes), 'precious');
  const said: string[] = [];
  const reporter = { ...silent, say: (message: string) => void said.push(message) };
  const run = await openRun({ ...config, seed: 9 }, reporter, { fresh: true });
  await run.close();

  expect(said.join()).toContain(`leaves in place what no run made: "${notes}"`);
  expect(await readdir(join(config.output, 'checkpoints'))).toEqual(['pretrain.shards']);
  expect(await readdir(join(config.output, 'checkpoints', 'pretrain.shards'))).toEqual([
    'notes.md',
  ]);
  expect(await readdir(join(config.output, 'data'))).not.toContain('interactions.shards');
}, 60_000);
