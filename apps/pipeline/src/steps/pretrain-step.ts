import { type StepFunction, scan } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { linearCrossEntropy } from '@rodpo/objectives';
import type { Config } from '../config.ts';
import { type Specs, tokenSpecs } from './tokens.ts';
import { trainingStep } from './training-step.ts';

export function pretrainSpecs(config: Config): Specs {
  const shape = [config.batch.rowCount * config.batch.rowLength];
  return {
    ...tokenSpecs(config),
    targets: { shape, dtype: 'int32' },
    weights: { shape, dtype: 'float32' },
  };
}

/** One step of pretraining: full-softmax cross-entropy at every position. */
export function pretrainStep(config: Config, encoder: SequenceEncoder): StepFunction {
  return trainingStep(config, encoder, config.pretrain, ({ hidden, items }, { inputs }) =>
    linearCrossEntropy(hidden, items, inputs.targets!, {
      weights: inputs.weights!,
      blockSize: config.batch.blockSize,
      scan,
    }),
  );
}
