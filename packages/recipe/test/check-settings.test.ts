import { isActionable } from '@rodpo/errors';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { alignLoss } from '../src/steps/align-loss.ts';
import { type AlignOptions, align, alignProgram } from '../src/training/align.ts';
import { alignDefaults, pretrainDefaults } from '../src/training/defaults.ts';
import {
  initialWeights,
  type PretrainOptions,
  pretrain,
  pretrainProgram,
} from '../src/training/pretrain.ts';
import type { Engine } from '../src/workspace/engine.ts';
import { smallWorkspace } from './small-workspace.ts';

/** Compiles nothing: what is wrong is to be told before. */
const engine: Engine = {
  name: 'none',
  program: () => Promise.reject(new Error('it was not refused')),
};
const workspace = smallWorkspace({ engine });
const weights = initialWeights(workspace);

async function expectRefused(training: Promise<unknown>, message: RegExp): Promise<void> {
  const error = await training.then(
    () => new Error('it trained'),
    (reason: Error) => reason,
  );
  expect(error.message).toMatch(message);
  expect(isActionable(error)).toBe(true);
}

const limits: [object, RegExp][] = [
  [{ maxEpochs: 0 }, /maxEpochs must be a positive integer, got 0. Infinity is no limit; to train/],
  [{ maxEpochs: Number.NaN }, /maxEpochs must be a positive integer, got NaN/],
  [{ maxEpochs: 1.5 }, /maxEpochs must be a positive integer, got 1.5/],
  [{ patience: 0 }, /patience must be a positive integer, got 0/],
  [{ minDelta: -1 }, /minDelta must be a finite number from 0, got -1/],
  [{ minDelta: Number.POSITIVE_INFINITY }, /minDelta must be a finite number from 0, got Inf/],
];
const steps: [object, RegExp][] = [
  [{ learningRate: -1 }, /learningRate must be a finite number from 0, got -1/],
  [{ learningRate: Number.NaN }, /learningRate must be a finite number from 0, got NaN/],
  [{ dropout: 1 }, /dropout must be a number from 0 and below 1, got 1/],
  [{ dropout: undefined }, /dropout must be a number from 0 and below 1, got undefined/],
];
const ofAlignment: [object, RegExp][] = [
  [{ crossEntropyWeight: -1 }, /crossEntropyWeight must be a finite number from 0, got -1/],
  [{ crossEntropyWeight: Number.NaN }, /crossEntropyWeight must be .* got NaN/],
  [{ loss: 'none', crossEntropyWeight: 0 }, /crossEntropyWeight must be above 0 where .*'none'/],
  [{ auxiliaryWeight: -1 }, /auxiliaryWeight must be a finite number from 0, got -1/],
  [{ beta: 0 }, /beta must be a finite number above 0, got 0/],
  [{ beta: Number.POSITIVE_INFINITY }, /beta must be a finite number above 0, got Infinity/],
  [{ count: 1.5 }, /count must be a positive integer, got 1.5/],
  [{ loss: 'dpoo' }, /loss must be one of "dpo", "softmax-dpo", "none", got "dpoo"/],
  [{ margin: 'x' }, /margin must be one of "policy-dropout", .*"centred", got "x"/],
  [{ exclude: 'histry' }, /exclude must be one of "chosen", "history", got "histry"/],
  [{ positions: 'first' }, /positions must be one of "all", "last", got "first"/],
  [{ positions: { last: 0 } }, /positions.last must be a positive integer, got 0/],
  [{ negatives: { from: 'nowhere' } }, /negatives.from must be one of .*, got "nowhere"/],
  [{ negatives: { from: 'pool', size: 0 } }, /negatives.size must be a positive integer, got 0/],
  [
    { negatives: { from: 'pool', size: 2, scoredBy: 'nobody' } },
    /negatives.scoredBy must be one of "policy", "reference", got "nobody"/,
  ],
  [{ crossEntropy: { kind: 'gbce' } }, /crossEntropy.kind must be one of .*, got "gbce"/],
  [
    { crossEntropy: { kind: 'sampled', candidates: 4, shared: 'column' } },
    /crossEntropy.shared must be one of "batch", "row", got "column"/,
  ],
];
const ofPretraining: [object, RegExp][] = [
  [{ loss: { kind: 'sofmax' } }, /loss.kind must be one of .*, got "sofmax"/],
  [{ loss: { kind: 'gbce', negatives: 0 } }, /loss.negatives must be a positive integer, got 0/],
  [{ loss: { kind: 'gbce', offset: 'x' } }, /loss.offset must be one of "prior", "none", got "x"/],
  [{ loss: { kind: 'sampled', candidates: 0.5 } }, /loss.candidates must be a positive integer/],
];

test.each([...ofAlignment, ...steps, ...limits])(
  'an alignment with %j is refused before anything is done',
  async (change, message) => {
    const options = { negatives: { from: 'pool', size: 5 }, ...change } as AlignOptions;
    await expectRefused(align(workspace, weights, options), message);
  },
);

test.each([...ofAlignment, ...steps])('so is its step with %j', async (change, message) => {
  const settings = { ...alignDefaults, ...change } as typeof alignDefaults;
  await expectRefused(alignProgram(workspace, weights, settings, undefined), message);
});

test.each([...ofPretraining, ...steps, ...limits])(
  'a pretraining with %j is refused before anything is done',
  async (change, message) => {
    await expectRefused(pretrain(workspace, change as PretrainOptions), message);
  },
);

test.each([...ofPretraining, ...steps])('so is its step with %j', async (change, message) => {
  const settings = { ...pretrainDefaults, ...change } as typeof pretrainDefaults;
  await expectRefused(pretrainProgram(workspace, weights, settings), message);
});

test('what is left out of a comparison is not asked', async () => {
  const control = { loss: 'none', beta: 0, maxEpochs: Number.POSITIVE_INFINITY } as const;
  await expect(align(workspace, weights, control)).rejects.toThrow('it was not refused');
});

test('the loss alone drops no cross-entropy by a weight that is no number', () => {
  const vectors = { hidden: tensor2d([[1]]), items: tensor2d([[1], [2]]) };
  const batch = {
    ...{ policy: vectors, reference: vectors, targets: tensor1d([0], 'int32') },
    ...{ weights: tensor1d([1]), excluded: tensor2d([[0]], [1, 1], 'int32') },
    uniform: () => tensor1d([0.5]),
  };
  const of = (change: object) => () =>
    alignLoss(batch as never, { ...alignDefaults, negatives: { from: 'catalogue' }, ...change });

  expect(of({ crossEntropyWeight: Number.NaN })).toThrow(/crossEntropyWeight must be/);
  expect(of({ loss: 'dpoo' })).toThrow(/loss must be one of/);
});
