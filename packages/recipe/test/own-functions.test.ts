import { dpoLoss, gbceLoss, gbcePrior, linearCrossEntropy, weightedMean } from '@rodpo/objectives';
import { lookup } from '@rodpo/ops';
import { drawUniform } from '@rodpo/samplers/tfjs';
import { setBackend, sum } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { DrawInStep } from '../src/steps/align-settings.ts';
import type { LossBatch, PretrainLoss } from '../src/steps/pretrain-loss.ts';
import { type AlignOptions, align } from '../src/training/align.ts';
import { pretrainDefaults } from '../src/training/defaults.ts';
import type { EpochEntry } from '../src/training/epoch-log.ts';
import { initialWeights, pretrain } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import { smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));
const open = () => smallWorkspace({ engine: compiledEngine({ threads: 1 }) });
const short = { maxEpochs: 1, learningRate: 0.01 };
const untimed = (log: readonly EpochEntry[]) =>
  log.map(({ seconds, examplesPerSecond, ...figures }) => figures);

async function pretrained(loss: PretrainLoss) {
  const workspace = open();
  const { weights, log } = await pretrain(workspace, { ...short, loss });
  await workspace.dispose();
  return { weights, log: untimed(log) };
}

async function aligned(options: AlignOptions) {
  const workspace = open();
  const start = initialWeights(workspace);
  const { weights, log } = await align(workspace, start, { ...short, ...options });
  await workspace.dispose();
  return { weights, log: untimed(log) };
}

test('a loss of your own, over the catalogue, trains as the one that is there', async () => {
  const own = ({ hidden, items, targets, weights, blockSize, scan }: LossBatch) =>
    linearCrossEntropy(hidden, items, targets, { weights, blockSize, scan });

  expect(await pretrained(own)).toEqual(await pretrained({ kind: 'softmax' }));
  expect(await pretrained(pretrainDefaults.loss)).toEqual(await pretrained({ kind: 'softmax' }));
});

test('a loss of your own draws from what it is told, as the one that is there', async () => {
  const own = ({ hidden, items, targets, weights, excluded, uniform }: LossBatch) => {
    const drawn = drawUniform(excluded, uniform([targets.shape[0]!, 1]), items.shape[0]);
    const chosen = sum(lookup(items, targets).mul(hidden), -1);
    const rejected = sum(lookup(items, drawn.items).mul(hidden.expandDims(1)), -1);
    // SASRec's one negative of the 39 that there are, calibrated as by default.
    const options = { samplingRate: 1 / 39, calibration: 0.75 };
    const prior = gbcePrior(1, options);
    const scores = { chosen: chosen.add(prior), rejected: rejected.add(prior) };
    return weightedMean(gbceLoss(scores, options), weights);
  };
  const [one, other] = [await pretrained(own), await pretrained({ kind: 'gbce' })];

  expect(Number(one.log[0]!.loss)).toBeCloseTo(Number(other.log[0]!.loss), 5);
});

test('a preference loss and a draw of your own align as those that are there', async () => {
  const negatives: DrawInStep = ({ excluded, uniform, itemCount }) =>
    drawUniform(excluded, uniform([excluded.shape[0]!]), itemCount);
  const loss: AlignOptions['loss'] = (policy, reference, options) =>
    dpoLoss(policy, reference, options);
  const expected = await aligned({ negatives: { from: 'catalogue' }, beta: 0.4 });

  expect(await aligned({ loss, negatives, beta: 0.4 })).toEqual(expected);
  // How likely a draw was is told if it is known.
  const unknown: DrawInStep = (context) => ({ items: negatives(context).items });
  const { log, weights } = await aligned({ negatives: unknown, beta: 0.4 });
  const [{ 'logq/rejected': logQ, ...known }] = expected.log as [EpochEntry];
  expect({ log, weights }).toEqual({ log: [known], weights: expected.weights });
  expect(Number(logQ)).toBeLessThan(0);
});
