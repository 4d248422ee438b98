import { groupedLinear, type StepContext, type StepFunction } from '@rodpo/compile';
import type { EmbeddingTable, RowOptimiser } from '@rodpo/embeddings';
import type { SequenceEncoder } from '@rodpo/encoder';
import { differentiate, type Optimiser } from '@rodpo/trainer';
import { add, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { BatchLayout } from '../batches/batch-layout.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { featureTable } from './features.ts';
import { rowGradientsPrefix, rowsPrefix } from './row-names.ts';
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
  /**
   * What follows the gradients of item rows that stay on the host: one of `@rodpo/embeddings`.
   * Default: `sparseAdam` at the learning rate.
   */
  readonly rowOptimiser?: (table: EmbeddingTable) => RowOptimiser;
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
    const rows = unprefixed(inputs, rowsPrefix);
    const parameters = { ...unprefixed(state, weightPrefix), ...rows };
    const features = featureTable({ ...state, ...inputs });
    const [trained, untrained] = split(parameters, encoder.untrained);
    const { loss, gradients, logged } = differentiate((weights, log) => {
      const all = { ...weights, ...untrained };
      const items = encoder.itemVectors(all, features);
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
          features,
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
    const [dense] = split(trained, Object.keys(rows));
    const [denseGradients, rowGradients] = split(gradients, Object.keys(rows));
    const update = updated(state, dense, denseGradients, settings);
    return {
      outputs: {
        ...figures,
        ...update.figures,
        ...prefixed(rowGradients, rowGradientsPrefix),
        loss,
      },
      state: {
        ...update.state,
        ...prefixed(unprefixed(logged, nextPrefix), weightPrefix),
      },
    };
  };
}

/** The tensors of other names, and those of `names`. */
function split(
  tensors: Record<string, Tensor>,
  names: readonly string[],
): [Record<string, Tensor>, Record<string, Tensor>] {
  const of = (isWanted: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(tensors).filter(([name]) => isWanted(name)));
  return [of((name) => !names.includes(name)), of((name) => names.includes(name))];
}
