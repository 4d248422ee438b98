import { groupedLinear, type StepContext, type StepFunction } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { differentiate, type Optimiser } from '@rodpo/trainer';
import { add, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { BatchLayout } from '../batches/batch-layout.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { featureTable } from './features.ts';
import { packedTokens, prefixed, unprefixed, weightPrefix } from './tokens.ts';
import { updated } from './update.ts';

export interface TrainingContext extends StepContext {
  /** Passes a figure out of the step. */
  readonly log: (name: string, value: Tensor) => void;
}

/** What every step of training can be told. */
export interface StepSettings {
  /** Of Adam. */
  readonly learningRate: number;
  /** What follows the gradients in place of Adam: `optimiser` of `@rodpo/trainer`. Default: Adam. */
  readonly optimiser?: Optimiser;
  readonly dropout: number;
}

/** Names under which a step passes out the next values of untrained parameters. */
const nextPrefix = 'next.';

/**
 * One step of training: read the batch, take `lossOf` it and the encoder's own losses, then Adam.
 * What the encoder and the loss have to say comes out as figures.
 */
export function trainingStep(
  { rowLength }: Pick<BatchLayout, 'rowLength'>,
  encoder: SequenceEncoder,
  settings: StepSettings,
  lossOf: (encoded: EncodedBatch, context: TrainingContext) => Scalar,
): StepFunction {
  return (context) => {
    const { state, inputs, uniform } = context;
    const parameters = unprefixed(state, weightPrefix);
    const [trained, untrained] = split(parameters, encoder.untrained);
    const { loss, gradients, logged } = differentiate((weights, log) => {
      const all = { ...weights, ...untrained };
      const items = encoder.itemVectors(all, featureTable(state));
      const { vectors, auxiliaryLoss, statistics, updates } = encoder.encode(
        all,
        items,
        packedTokens(inputs),
        {
          rowLength,
          dropout: settings.dropout,
          uniform,
          groupedLinear,
          targets: inputs.targets!,
          features: featureTable(state),
        },
      );
      for (const [name, figure] of Object.entries(statistics)) log(name, figure);
      for (const [name, next] of Object.entries(updates)) log(`${nextPrefix}${name}`, next);
      const ownLoss = lossOf({ hidden: vectors, items }, { ...context, log });
      if (!auxiliaryLoss) return ownLoss;
      log('auxiliary', auxiliaryLoss);
      return add(ownLoss, auxiliaryLoss) as Scalar;
    }, trained);
    const isFigure = ([name]: [string, Tensor]) => !name.startsWith(nextPrefix);
    const figures = Object.fromEntries(Object.entries(logged).filter(isFigure));
    const update = updated(state, trained, gradients, settings);
    return {
      outputs: { ...figures, ...update.figures, loss },
      state: {
        ...update.state,
        ...prefixed(unprefixed(logged, nextPrefix), weightPrefix),
      },
    };
  };
}

function split(
  parameters: Record<string, Tensor>,
  untrained: readonly string[],
): [Record<string, Tensor>, Record<string, Tensor>] {
  const of = (isWanted: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(parameters).filter(([name]) => isWanted(name)));
  return [of((name) => !untrained.includes(name)), of((name) => untrained.includes(name))];
}
