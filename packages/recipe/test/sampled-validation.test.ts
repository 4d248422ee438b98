import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { initialWeights, pretrain } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import { smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

const open = (validationSample?: number, seed = 1) =>
  smallWorkspace({
    engine: compiledEngine({ threads: 1 }),
    seed,
    ...(validationSample ? { validationSample } : {}),
  });

/** Ranks by case of a full ranking, and those of a sample. */
async function ranksOf(count: number, seed = 1) {
  const [whole, part] = [open(undefined, 1), open(count, seed)];
  const weights = initialWeights(whole);
  const all = await (await whole.evaluation(weights)).validation.ranks(weights);
  const ranker = await part.validation(weights);
  const sampled = await ranker.ranks(weights);
  const reported = await (await part.evaluation(weights)).validation.ranks(weights);
  const metrics = await ranker.metrics(weights);
  await whole.dispose();
  await part.dispose();
  return { all, sampled, reported, metrics };
}

test('a sample are ranks of the full ranking, in its order; reports rank all', async () => {
  const { all, sampled, reported } = await ranksOf(30);
  expect(sampled).toHaveLength(30);
  expect(reported).toEqual(all);
  let place = -1;
  for (const rank of sampled) {
    place = all.indexOf(rank, place + 1);
    expect(place).toBeGreaterThanOrEqual(0);
  }
});

test('which users they are follows from the seed alone', async () => {
  const [one, again, other] = [await ranksOf(30), await ranksOf(30), await ranksOf(30, 2)];
  expect(again.sampled).toEqual(one.sampled);
  expect(other.sampled).not.toEqual(one.sampled);
});

test('the standard error is that of a mean without putting back', async () => {
  const { sampled, metrics } = await ranksOf(30);
  const gains = Array.from(sampled, (rank) => (rank <= 10 ? 1 / Math.log2(rank + 1) : 0));
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / 30;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / 29;

  expect(metrics['ndcg@10']).toBeCloseTo(mean, 6);
  expect(metrics['ndcg@10 error']).toBeCloseTo(Math.sqrt((variance / 30) * (1 - 30 / 120)), 6);
});

test('more than there are is all of them, without an error', async () => {
  const { all, sampled, metrics } = await ranksOf(1000);
  expect(sampled).toEqual(all);
  expect(metrics['ndcg@10 error']).toBe(0);
});

test('of one case there is no standard error', async () => {
  const { sampled, metrics } = await ranksOf(1);
  expect(sampled).toHaveLength(1);
  expect(metrics['ndcg@10 error']).toBeNaN();
});

test('a training is selected by the sample, and logs its error', async () => {
  const workspace = open(25);
  const { log, weights } = await pretrain(workspace, { maxEpochs: 2, learningRate: 0.01 });
  const metrics = await (await workspace.validation(weights)).metrics(weights);
  const best = Math.max(...log.map((entry) => Number(entry['validation ndcg@10'])));
  await workspace.dispose();

  expect(metrics['ndcg@10']).toBeCloseTo(best, 6);
  expect(Number(log[0]!['validation ndcg@10 error'])).toBeGreaterThan(0);
});

test('a sample of nobody is refused', () => {
  expect(() => smallWorkspace({ validationSample: 0 })).toThrow(
    /validationSample must be a positive/,
  );
});
