import { type StepFunction, scan } from '@rodpo/compile';
import { encodeSequences } from '@rodpo/encoder';
import { linearCrossEntropy } from '@rodpo/objectives';
import { differentiate } from '@rodpo/trainer';
import type { Config } from '../config.ts';
import { packedTokens, type Specs, tokenSpecs, unprefixed, weightPrefix } from './tokens.ts';
import { updated } from './update.ts';

export function pretrainSpecs(config: Config): Specs {
  const shape = [config.batch.rowCount * config.batch.rowLength];
  return {
    ...tokenSpecs(config),
    targets: { shape, dtype: 'int32' },
    weights: { shape, dtype: 'float32' },
  };
}

/** One step of pretraining: full-softmax cross-entropy at every position, then Adam. */
export function pretrainStep({ encoder, batch, pretrain }: Config): StepFunction {
  return ({ state, inputs, uniform }) => {
    const parameters = unprefixed(state, weightPrefix);
    const options = { ...encoder, rowLength: batch.rowLength, dropout: pretrain.dropout, uniform };
    const { loss, gradients } = differentiate((weights) => {
      const hidden = encodeSequences(weights, packedTokens(inputs), options);
      return linearCrossEntropy(hidden, weights.items!, inputs.targets!, {
        weights: inputs.weights!,
        blockSize: batch.blockSize,
        scan,
      });
    }, parameters);
    return { outputs: { loss }, state: updated(state, parameters, gradients, pretrain) };
  };
}
