import { type StepFunction, scan } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { gbceLoss, gbcePrior, weightedMean } from '@rodpo/objectives';
import { drawUniform } from '@rodpo/samplers/tfjs';
import { add, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { type BatchLayout, historyWidth, tokenCount } from '../batches/batch-layout.ts';
import { candidateSpecs } from './candidate-settings.ts';
import { crossEntropy } from './cross-entropy.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import {
  type DecidedLoss,
  gbceDefaults,
  type PretrainLoss,
  readsExcluded,
} from './pretrain-loss.ts';
import { sampledCandidates, sampledSoftmax } from './sampled-softmax.ts';
import { scoresOf } from './scores-of.ts';
import { learnedSpecs, type Specs } from './tokens.ts';
import { type StepSettings, type TrainingContext, trainingStep } from './training-step.ts';

type GbceLoss = Extract<PretrainLoss, { kind: 'gbce' }>;

export interface PretrainSettings extends StepSettings {
  readonly loss: PretrainLoss;
}

/** With what 'auto' stands for in its place. */
export type DecidedSettings = PretrainSettings & { readonly loss: DecidedLoss };

export function pretrainSpecs(layout: BatchLayout, loss: PretrainLoss, itemCount: number): Specs {
  const specs = learnedSpecs(layout);
  if (typeof loss === 'object' && loss.kind === 'sampled') {
    return { ...specs, ...candidateSpecs('softmax', layout, loss, itemCount) };
  }
  if (!readsExcluded(loss)) return specs;
  return {
    ...specs,
    excluded: { shape: [tokenCount(layout), historyWidth(layout)], dtype: 'int32' },
  };
}

/** One step of pretraining: what comes next at every position, among all items or a few drawn ones. */
export function pretrainStep(
  layout: BatchLayout,
  encoder: SequenceEncoder,
  settings: DecidedSettings,
): StepFunction {
  const { loss } = settings;
  const { blockSize } = layout;
  return trainingStep(layout, encoder, settings, (encoded, context) => {
    if (typeof loss === 'function') return ownLoss(encoded, context, { loss, blockSize });
    const { inputs } = context;
    switch (loss.kind) {
      case 'softmax':
        return crossEntropy(encoded, inputs, blockSize);
      case 'sampled':
        return sampledSoftmax(encoded, inputs, sampledCandidates(inputs), blockSize);
      case 'gbce':
        return pairedLoss(encoded, context, loss);
    }
  });
}

function ownLoss(
  encoded: EncodedBatch,
  { inputs, uniform, log }: TrainingContext,
  options: { loss: Extract<PretrainLoss, (...args: never) => unknown>; blockSize: number },
): Scalar {
  const { loss, blockSize } = options;
  const [targets, weights, excluded] = [inputs.targets!, inputs.weights!, inputs.excluded!];
  return loss({ ...encoded, targets, weights, excluded, uniform, log, blockSize, scan });
}

function pairedLoss(
  encoded: EncodedBatch,
  { inputs, uniform }: TrainingContext,
  loss: GbceLoss,
): Scalar {
  const { negatives: count, calibration, offset } = { ...gbceDefaults, ...loss };
  const { targets, weights, excluded } = inputs;
  const [itemCount] = encoded.items.shape;
  const noise = uniform([targets!.shape[0]!, count]);
  const drawn = drawUniform(excluded!, noise, itemCount);
  const options = { samplingRate: count / (itemCount - 1), calibration };
  const from = offset === 'prior' ? gbcePrior(count, options) : 0;
  const scores = {
    chosen: raised(scoresOf(encoded, targets!), from),
    rejected: raised(scoresOf(encoded, drawn.items), from),
  };
  return weightedMean(gbceLoss(scores, options), weights!);
}

/** An addition of nothing is left out: it would be a kernel more in every step. */
function raised(scores: Tensor, by: number): Tensor {
  return by === 0 ? scores : add(scores, by);
}
