import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { readSafetensors } from '@rodpo/files';
import { beforeAll, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import type { CompareConfig } from '../../src/compare/compare-config.ts';
import type { Comparison } from '../../src/compare/comparison.ts';
import { openComparison } from '../../src/compare/comparison-folder.ts';
import { doUnit } from '../../src/compare/do-unit.ts';
import { silent } from '../tiny-run.ts';
import { tinyComparison } from './tiny-comparison.ts';

let config: CompareConfig;
let made: Promise<Comparison>;
let comparison: Comparison;

beforeAll(async () => {
  config = await tinyComparison({
    seeds: [1],
    tuning: null,
    encoders: [
      { name: 'dense', change: { align: { maxEpochs: 1 } } },
      {
        name: 'experts',
        change: {
          align: { maxEpochs: 2 },
          evaluate: { maskHistory: true },
          encoder: { experts: { expertCount: 4, activeCount: 2, width: 16 } },
        },
      },
    ],
    strategies: [{ name: 'uniform', negatives: { from: 'catalogue' } }],
  });
  made = compare(config, silent, { command: 'the test' });
  await made.catch(() => {});
  comparison = await made;
}, 60_000);

const folderOf = (encoder: string) => join(config.settings.output, encoder, 'seed-1');

test('each encoder has its size, experts more than a token uses', async () => {
  const sizes = await Promise.all(
    ['dense', 'experts'].map(async (name) => {
      const file = join(folderOf(name), 'checkpoints', 'pretrain.safetensors');
      const arrays = Object.values((await readSafetensors(file)).tensors);
      return { name, parameters: arrays.reduce((sum, { data }) => sum + data.length, 0) };
    }),
  );

  expect(comparison.encoders).toMatchObject(sizes);
  const [dense, experts] = comparison.encoders;
  expect(dense!.activeParameters).toBe(dense!.parameters);
  expect(experts!.activeParameters).toBeLessThan(experts!.parameters);
  expect(experts!.flopsPerToken).toBeGreaterThan(dense!.flopsPerToken);
});

test('epochs are selected by the way of ranking of their own encoder, and figures are of both', async () => {
  for (const [cell, selecting, other] of [
    [comparison.cells[0]!, 'ndcg@10', 'masked ndcg@10'],
    [comparison.cells[2]!, 'masked ndcg@10', 'ndcg@10'],
  ] as const) {
    const file = join(folderOf(cell.encoder), 'results', 'pretrained.json');
    const { validation } = JSON.parse(await readFile(file, 'utf8'));
    const selected = cell.runs[0]!.epochs.map((epoch) => epoch['validation ndcg@10'] as number);

    expect(Math.max(...selected)).toBeCloseTo(validation[selecting], 12);
    expect(validation[other]).not.toBeCloseTo(validation[selecting], 3);
    expect(Object.keys(cell.test)).toEqual(expect.arrayContaining(['ndcg@5', 'masked ndcg@5']));
  }
});

test('a cell was trained with the settings of its own encoder', () => {
  const settings = comparison.cells.map(({ encoder, model, settings, runs }) => [
    encoder,
    model,
    settings?.maxEpochs,
    runs[0]!.epochs.length,
  ]);

  expect(settings).toEqual([
    ['dense', 'pretrained', undefined, 3],
    ['dense', 'uniform', 1, 1],
    ['experts', 'pretrained', undefined, 3],
    ['experts', 'uniform', 2, 2],
  ]);
});

test('a strategy is tested against the baseline of its own encoder, and no baseline is', () => {
  const [dense, denseUniform, experts, expertsUniform] = comparison.cells;

  for (const [baseline, cell] of [
    [dense!, denseUniform!],
    [experts!, expertsUniform!],
  ] as const) {
    expect(baseline).not.toHaveProperty('againstBaseline');
    for (const metric of ['ndcg@5', 'masked hit@10']) {
      const difference = cell.test[metric]!.mean - baseline.test[metric]!.mean;
      expect(cell.againstBaseline![metric]!.difference).toBeCloseTo(difference, 12);
    }
  }
});

test('one seed has no standard error', () => {
  for (const { test, validation } of comparison.cells) {
    for (const { standardError } of [...Object.values(test), ...Object.values(validation)]) {
      expect(standardError).toBeNull();
    }
  }
});

test('the time of training is the sum over the epochs that were logged', async () => {
  for (const [index, stage] of ['pretrain', 'align-uniform'].entries()) {
    const text = await readFile(join(folderOf('experts'), 'metrics', `${stage}.jsonl`), 'utf8');
    const seconds = text
      .trim()
      .split('\n')
      .map((line) => Number(JSON.parse(line).seconds));
    const total = seconds.reduce((sum, value) => sum + value, 0);

    expect(comparison.cells[2 + index]!.runs[0]!.trainSeconds).toBeCloseTo(total, 9);
  }
});

test('the machine is the one that it ran on', () => {
  expect(comparison.machine).toEqual({
    cpu: cpus()[0]!.model,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  });
});

const unit = { phase: 'align', encoder: 'dense', seed: 1, strategy: 'uniform' } as const;

test('a unit that was given to another worker stops, and saves nothing', async () => {
  const folder = await openComparison(config, silent);
  const mine = new AbortController();
  const lost = new Error('another worker has it');
  const assertOwned = () => Promise.reject(lost);
  const figures = join(folderOf('dense'), 'results', 'uniform.json');
  const before = await readFile(figures, 'utf8');

  await expect(doUnit(folder, unit, { signal: mine.signal, assertOwned })).rejects.toBe(lost);
  mine.abort(lost);
  const owned = { signal: mine.signal, assertOwned: async () => undefined };
  await expect(doUnit(folder, unit, owned)).rejects.toBe(lost);
  expect(await readFile(figures, 'utf8')).toBe(before);
  await folder.close();
});
