import { type StepFunction, scan } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { gbceLoss, linearCrossEntropy, weightedMean } from '@rodpo/objectives';
import { drawUniform } from '@rodpo/samplers/tfjs';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { Config } from '../config.ts';
import { historyWidth } from '../data/pack-excluded.ts';
import { scoresOf } from './scores-of.ts';
import { learnedSpecs, type Specs } from './tokens.ts';
import { type EncodedBatch, type TrainingContext, trainingStep } from './training-step.ts';

type GbceSettings = Extract<Config['pretrain']['loss'], { kind: 'gbce' }>;

export function pretrainSpecs(config: Config): Specs {
  const specs = learnedSpecs(config);
  if (config.pretrain.loss.kind === 'softmax') return specs;
  const tokens = config.batch.rowCount * config.batch.rowLength;
  return { ...specs, excluded: { shape: [tokens, historyWidth(config)], dtype: 'int32' } };
}

/** One step of pretraining: what comes next at every position, among all items or a few drawn ones. */
export function pretrainStep(config: Config, encoder: SequenceEncoder): StepFunction {
  const { pretrain, batch } = config;
  const { loss } = pretrain;
  return trainingStep(config, encoder, pretrain, (encoded, context) => {
    if (loss.kind === 'gbce') return sampledLoss(encoded, context, loss);
    const { targets, weights } = context.inputs;
    return linearCrossEntropy(encoded.hidden, encoded.items, targets!, {
      weights: weights!,
      blockSize: batch.blockSize,
      scan,
    });
  });
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
