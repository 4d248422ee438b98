import type { EvaluationRanker, ValidationRanker, Weights } from '@rodpo/recipe';
import { expect, test } from 'vitest';
import type { Dataset } from '../src/data/dataset.ts';
import type { Run } from '../src/run/run.ts';
import { align } from '../src/stages/align.ts';
import { prepare } from '../src/stages/prepare.ts';
import { pretrain } from '../src/stages/pretrain.ts';
import { workspaceOf } from '../src/stages/workspace.ts';
import { weightsIn } from './oracle/expect-update.ts';
import { isQuick } from './tier.ts';
import { tinyRun } from './tiny-run.ts';
import { epochEnds, type WatchedEngine, watchedEngine } from './watched-engine.ts';

/** The figure of each epoch's weights on both parts, and the weights. */
async function epochsOf(run: Run, dataset: Dataset, { steps }: WatchedEngine) {
  const weights = epochEnds(steps).map(({ after }) => weightsIn(after) as Weights);
  const ranker = await (await workspaceOf(run, dataset)).evaluation(weights[0]!);
  const figures = async (part: 'validation' | 'test') => {
    const found: number[] = [];
    for (const own of weights) found.push((await ranker[part].metrics(own))['ndcg@10']!);
    return found;
  };
  const [validation, tested] = [await figures('validation'), await figures('test')];
  return { weights, validation, tested };
}

const best = (figures: readonly number[]) => figures.indexOf(Math.max(...figures));

const itemCount = 40;

/**
 * Every user goes round the items in order, up to the validation item; the test item is the one
 * opposite. The better the pattern is learned, the better is validation, and the worse the test.
 */
function contraryDataset(): Dataset {
  const round = (start: number, length: number) =>
    Int32Array.from({ length }, (_, place) => (start + place) % itemCount);
  const sequences = Array.from({ length: 120 }, (_, user) => {
    const sequence = round(user, 6 + (user % 4));
    return Int32Array.of(...sequence, (sequence.at(-1)! + itemCount / 2) % itemCount);
  });
  return {
    userIds: sequences.map((_, user) => `${user}`),
    itemIds: Array.from({ length: itemCount }, (_, item) => `${item}`),
    sequences,
  };
}

test('pretraining keeps the epoch that is best in validation, not in the test', async () => {
  const opened = await tinyRun({ pretrain: { maxEpochs: 6, patience: 6, dropout: 0 } });
  const engine = watchedEngine(opened.engine);
  const dataset = contraryDataset();
  const run = { ...opened, engine };
  const kept = await pretrain(run, await workspaceOf(run, dataset));
  const { weights, validation, tested } = await epochsOf(opened, dataset, engine);

  expect(weights).toHaveLength(6);
  expect(best(tested)).not.toBe(best(validation));
  expect(kept).toEqual(weights[best(validation)]);
});

test.skipIf(isQuick)(
  'alignment keeps the epoch that is best in validation, not in the test',
  async () => {
    const settings = { maxEpochs: 4, patience: 4, learningRate: 5e-3, dropout: 0 };
    const opened = await tinyRun({ pretrain: { maxEpochs: 1 }, align: settings });
    const engine = watchedEngine(opened.engine);
    const dataset = contraryDataset();
    const pretrained = await pretrain(opened, await workspaceOf(opened, dataset));
    const [uniform] = opened.config.align.strategies;
    const run = { ...opened, engine };
    const kept = await align(run, await workspaceOf(run, dataset), pretrained, uniform!);
    const { weights, validation, tested } = await epochsOf(opened, dataset, engine);

    expect(weights).toHaveLength(4);
    expect(best(tested)).not.toBe(best(validation));
    expect(kept).toEqual(weights[best(validation)]);
  },
);

test('what selects weights cannot rank the test part, by its type and in fact', async () => {
  const run = await tinyRun();
  const workspace = await workspaceOf(run, await prepare(run));
  const like = workspace.encoder.initialize(() => 0);
  const selecting = await workspace.validation(like);
  const evaluating: EvaluationRanker = await workspace.evaluation(like);

  const fits: ValidationRanker[] = [selecting, evaluating.validation];
  // @ts-expect-error the test part is not the part that selects
  fits.push(evaluating.test);
  // @ts-expect-error both parts together are not either
  fits.push(evaluating);
  // @ts-expect-error nobody can ask for another part
  const ranks = await selecting.ranks(like, 'test');

  expect(ranks).toEqual(await evaluating.validation.ranks(like));
  expect(Object.keys(selecting)).not.toContain('test');
  await workspace.dispose();
});
