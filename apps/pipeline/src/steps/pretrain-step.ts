import type { StepFunction } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { gbceLoss, weightedMean } from '@rodpo/objectives';
import { drawUniform } from '@rodpo/samplers/tfjs';
import type { Scalar } from '@tensorflow/tfjs-core';
import { type Config, tokenCount } from '../config.ts';
import { historyWidth } from '../data/pack-excluded.ts';
import { crossEntropy } from './cross-entropy.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { scoresOf } from './scores-of.ts';
import { learnedSpecs, type Specs } from './tokens.ts';
import { type TrainingContext, trainingStep } from './training-step.ts';

type GbceSettings = Extract<Config['pretrain']['loss'], { kind: 'gbce' }>;

export function pretrainSpecs(config: Config): Specs {
  const specs = learnedSpecs(config);
  if (config.pretrain.loss.kind === 'softmax') return specs;
  return {
    ...specs,
    excluded: { shape: [tokenCount(config), historyWidth(config)], dtype: 'int32' },
  };
}

/** One step of pretraining: what comes next at every position, among all items or a few drawn ones. */
export function pretrainStep(config: Config, encoder: SequenceEncoder): StepFunction {
  const { pretrain, batch } = config;
  const { loss } = pretrain;
  return trainingStep(config, encoder, pretrain, (encoded, context) =>
    loss.kind === 'gbce'
      ? sampledLoss(encoded, context, loss)
      : crossEntropy(encoded, context.inputs, batch.blockSize),
  );
}

function sampledLoss(
  encoded: EncodedBatch,
  { inputs, uniform }: TrainingContext,
  { negatives: count, calibration }: GbceSettings,
): Scalar {
  const { targets, weights, excluded } = inputs;
  const [itemCount] = encoded.items.shape;
  const noise = uniform([targets!.shape[0]!, count]);
  const drawn = drawUniform(excluded!, noise, itemCount);
  const scores = {
    chosen: scoresOf(encoded, targets!),
    rejected: scoresOf(encoded, drawn.items),
  };
  const samplingRate = count / (itemCount - 1);
  return weightedMean(gbceLoss(scores, { samplingRate, calibration }), weights!);
}
