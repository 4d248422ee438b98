import type { StepContext, StepFunction } from '@rodpo/compile';
import type { EmbeddingTable, RowOptimiser } from '@rodpo/embeddings';
import type { Encoded, SequenceEncoder } from '@rodpo/encoder';
import { combineLosses } from '@rodpo/objectives';
import type { Uniform } from '@rodpo/ops';
import { type Derivative, differentiate, type Optimiser } from '@rodpo/trainer';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { BatchLayout } from '../batches/batch-layout.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { featureTable } from './features.ts';
import { type Reading, readBatch } from './read-batch.ts';
import { replayedDraws } from './replayed-draws.ts';
import { rowGradientsPrefix, rowsPrefix } from './row-names.ts';
import { prefixed, runningPrefix, unprefixed, weightPrefix } from './tokens.ts';
import { updated } from './update.ts';

export interface TrainingContext extends StepContext {
  /** Passes a figure out of the step. */
  readonly log: (name: string, value: Tensor) => void;
  /** The batch read once more by the model in training, without dropout, as in a ranking. */
  readonly withoutDropout: () => EncodedBatch;
  /** What the model's own reading drew, once more, for another model that is to drop the same. */
  readonly sameDraws: Uniform;
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
   * Default: what `optimiser` does in a program, `sparseAdamW` by its rule or `sparseAdam`, with
   * `skipped: 'catch-up'`. An optimiser without a rule needs one beside it.
   */
  readonly rowOptimiser?: (table: EmbeddingTable) => RowOptimiser;
}

/** Names under which a step passes out the next values of untrained parameters. */
const nextPrefix = 'next.';

/**
 * One step of training: read the batch, take `lossOf` it and the encoder's own losses (by
 * `auxiliaryWeight`, 1 unless it is set), then Adam.
 * What the encoder and the loss have to say comes out as figures, but for what the loss logs under
 * `runningPrefix`: the next value of the state of that name.
 */
export function trainingStep(
  layout: Pick<BatchLayout, 'rowLength'>,
  encoder: SequenceEncoder,
  settings: StepSettings & { readonly auxiliaryWeight?: number | undefined },
  lossOf: (encoded: EncodedBatch, context: TrainingContext) => Scalar,
): StepFunction {
  return (context) => {
    const { state, inputs } = context;
    const rows = unprefixed(inputs, rowsPrefix);
    const parameters = { ...unprefixed(state, weightPrefix), ...rows };
    const [trained, untrained] = split(parameters, encoder.untrained);
    const { loss, gradients, logged } = differentiate((weights, log) => {
      const draws = replayedDraws(context.uniform);
      try {
        const all = { ...weights, ...untrained };
        const features = featureTable({ ...state, ...inputs });
        const items = encoder.itemVectors(all, features);
        const read = (own: Pick<Reading, 'dropout' | 'features'>) =>
          readBatch(encoder, layout, inputs, {
            ...{ parameters: all, items, uniform: draws.uniform },
            ...own,
          });
        const encoded = read({ dropout: settings.dropout, features });
        const again = {
          sameDraws: draws.again(),
          withoutDropout: () => ({ hidden: read({ dropout: 0 }).vectors, items }),
        };
        const own = lossOf({ hidden: encoded.vectors, items }, { ...context, ...again, log });
        return withEncoderLosses(own, encoded, { log, weight: settings.auxiliaryWeight ?? 1 });
      } finally {
        draws.dispose();
      }
    }, trained);
    return stepResult(state, settings, { loss, trained, gradients, logged, rows });
  };
}

function withEncoderLosses(
  loss: Scalar,
  { auxiliaryLoss, statistics, updates }: Encoded,
  { log, weight }: { readonly log: TrainingContext['log']; readonly weight: number },
): Scalar {
  for (const [name, figure] of Object.entries(statistics)) log(name, figure);
  for (const [name, next] of Object.entries(updates)) log(`${nextPrefix}${name}`, next);
  if (!auxiliaryLoss) return loss;
  log('auxiliary', auxiliaryLoss);
  // At a weight of 0, too: a parameter that nothing reads has no gradient, not one of 0.
  return combineLosses([
    { loss, weight: 1 },
    { loss: auxiliaryLoss, weight },
  ]);
}

interface Differentiated extends Derivative {
  readonly trained: Record<string, Tensor>;
  /** Those of `trained` that stay on the host. */
  readonly rows: Record<string, Tensor>;
}

function stepResult(
  state: Record<string, Tensor>,
  settings: StepSettings,
  { loss, trained, gradients, logged, rows }: Differentiated,
): ReturnType<StepFunction> {
  const isFigure = ([name]: [string, Tensor]) =>
    !name.startsWith(nextPrefix) && !name.startsWith(runningPrefix);
  const figures = Object.fromEntries(Object.entries(logged).filter(isFigure));
  const [dense] = split(trained, Object.keys(rows));
  const [denseGradients, rowGradients] = split(gradients, Object.keys(rows));
  const both = { gradients: denseGradients, rowGradients };
  const update = updated(state, dense, both, settings);
  return {
    outputs: {
      ...figures,
      ...update.figures,
      ...prefixed(update.rowGradients, rowGradientsPrefix),
      loss,
    },
    state: {
      ...update.state,
      ...prefixed(unprefixed(logged, nextPrefix), weightPrefix),
      ...prefixed(unprefixed(logged, runningPrefix), runningPrefix),
    },
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
