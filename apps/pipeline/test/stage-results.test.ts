import { copyFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isActionable } from '@rodpo/errors';
import { FileDamagedError } from '@rodpo/files';
import { rankMetrics } from '@rodpo/metrics';
import type { EvaluationRanker } from '@rodpo/recipe';
import { expect, test } from 'vitest';
import { reportedCutoffs } from '../src/config/reported-cutoffs.ts';
import { saveDataset } from '../src/data/dataset.ts';
import { checkpointsOf } from '../src/run/checkpoints.ts';
import { evaluateModel, savedFigures, savedRanks } from '../src/stages/evaluate-model.ts';
import { preparedDataset, trainedModels } from '../src/stages/results.ts';
import { tinyRun } from './tiny-run.ts';

/** What ranking takes; a timer may be a little early. */
const milliseconds = { test: 200, validation: 0 };
const ranks = {
  test: { all: Float32Array.of(1, 4, 30), masked: Float32Array.of(1, 2, 11) },
  validation: { all: Float32Array.of(2, 2), masked: Float32Array.of(1, 2) },
};

/** A ranker that knows its ranks, and tells of every time that it is asked. */
function knowing(asked: string[] = []): EvaluationRanker {
  const part = <Name extends 'test' | 'validation'>(name: Name) => ({
    part: name,
    ranks: async () => ranks[name].all,
    bothRanks: async () => {
      asked.push(name);
      await sleep(milliseconds[name]);
      return ranks[name];
    },
    metrics: async () => ({}),
  });
  return { test: part('test'), validation: part('validation') };
}

test('of a model, ranks and their figures are kept, and read back', async () => {
  const run = await tinyRun({ evaluate: { cutoffs: [3] } });
  const asked: string[] = [];
  const figures = await evaluateModel(run, knowing(asked), 'x', {});

  // The first run of a program is the slow one, and the test part is timed.
  expect(asked).toEqual(['validation', 'test']);
  const expected = ({ all, masked }: { all: Float32Array; masked: Float32Array }) => {
    const leftOut = Object.entries(rankMetrics(masked, [3, 5, 10]));
    const named = leftOut.map(([metric, value]) => [`masked ${metric}`, value]);
    return { ...rankMetrics(all, [3, 5, 10]), ...Object.fromEntries(named) };
  };
  expect(figures).toEqual({
    test: expected(ranks.test),
    validation: expected(ranks.validation),
    rankSeconds: expect.any(Number),
    peakMemoryBytes: expect.any(Number),
  });
  expect(figures.rankSeconds).toBeGreaterThan(0.15);
  expect(figures.rankSeconds).toBeLessThan(100);
  expect(await savedFigures(run, 'x')).toEqual(figures);
  expect(await savedRanks(run, 'x')).toEqual(ranks);
});

test('ranks that are gone are missed, and those of another model are refused', async () => {
  const run = await tinyRun();
  await evaluateModel(run, knowing(), 'x', {});
  await copyFile(run.file('results', 'x.safetensors'), run.file('results', 'y.safetensors'));
  await expect(savedRanks(run, 'y')).rejects.toThrow(FileDamagedError);
  await rm(run.file('results', 'x.safetensors'));

  await expect(savedRanks(run, 'x')).rejects.toThrow(FileDamagedError);
  await expect(savedRanks(run, 'x')).rejects.toThrow(/it is gone, .*results\/x\.json too/s);
  await expect(savedFigures(run, 'y')).rejects.toThrow();
});

test('cutoffs are those asked for and those that are always read, each once and in order', async () => {
  const { config } = await tinyRun({ evaluate: { cutoffs: [20, 10, 1, 100] } });

  expect(reportedCutoffs(config)).toEqual([1, 5, 10, 20, 100]);
});

test('data that were prepared are read, and missed where they were not', async () => {
  const run = await tinyRun();
  const missing = preparedDataset(run);
  await expect(missing).rejects.toThrow("has no results of 'rodpo prepare'. Run that first");
  await expect(missing.catch(isActionable)).resolves.toBe(true);

  const dataset = { userIds: ['a'], itemIds: ['x'], sequences: [Int32Array.of(0, 0)] };
  await saveDataset(run, dataset);
  expect(await preparedDataset(run)).toStrictEqual(dataset);
});

test('models that were trained are read by name, and missed by the stage that makes them', async () => {
  const run = await tinyRun();
  const weights = (value: number) => ({ w: { shape: [1], data: Float32Array.of(value) } });
  await expect(trainedModels(run, ['pretrained'])).rejects.toThrow(
    "no results of 'rodpo pretrain'",
  );
  await checkpointsOf(run, 'pretrain').saveBest(weights(1), 1);
  await expect(trainedModels(run, ['pretrained', 'x'])).rejects.toThrow(
    "no results of 'rodpo align'",
  );
  await checkpointsOf(run, 'align-x').saveBest(weights(2), 1);

  expect(await trainedModels(run, ['pretrained', 'x'])).toEqual({
    pretrained: weights(1),
    x: weights(2),
  });
});
