import type { Program } from '@rodpo/compile';
import { leaveOneOut } from '@rodpo/data';
import { actionable } from '@rodpo/errors';
import { popularityWeights } from '@rodpo/samplers/tfjs';
import { type AlignSettings, alignSettings, type Strategy } from '../align-settings.ts';
import type { Config } from '../config.ts';
import type { Dataset } from '../data/dataset.ts';
import { packExcluded } from '../data/pack-excluded.ts';
import { type TrainingBatch, type TrainingSet, trainingSet } from '../data/training-set.ts';
import { type Model, openModel } from '../model/model.ts';
import type { Run } from '../run/run.ts';
import { alignSpecs, alignStep, excludedCount, referenceItems } from '../steps/align-step.ts';
import { countNegatives } from './count-negatives.ts';
import { createValidationRanker } from './rank.ts';
import { type Reference, referenceVectors } from './reference.ts';
import { figuresOf, finishedWeights, train, trainingState, type Weights } from './train.ts';

export const alignStage = ({ name }: Pick<Strategy, 'name'>): string => `align-${name}`;

/** Aligns the pretrained encoder by DPO with the strategy's negatives. */
export async function align(
  run: Run,
  dataset: Dataset,
  pretrained: Weights,
  ownSettings: Strategy,
): Promise<Weights> {
  const { config } = run;
  const strategy = alignSettings(config.align, ownSettings);
  const stage = alignStage(strategy);
  const finished = await finishedWeights(run, stage, strategy);
  if (finished) return finished;
  const set = trainingSet(dataset, config);
  if (strategy.loss !== 'none') checkPool(strategy, set, excludedCount(config, strategy));
  const model = await openModel(run, dataset);
  const reference =
    strategy.loss === 'none' ? undefined : await referenceVectors(run, set, model, pretrained);
  const ranker = await createValidationRanker(run, dataset, model, pretrained);
  const alignment = { set, model, strategy, ...(reference ? { reference } : {}) };
  const program = await alignProgram(run, pretrained, alignment);
  const split = leaveOneOut(dataset.sequences);
  try {
    return await train(run, {
      ...strategy,
      stage,
      program,
      set,
      extend: (batch) => pairInputs(config, alignment, batch),
      measure: ({ negatives, ...figures }, { packed, learned }) => ({
        ...figuresOf(figures),
        ...(negatives
          ? countNegatives(
              negatives as Int32Array,
              { ...packed, placements: learned },
              dataset,
              split,
            )
          : {}),
      }),
      ranker,
    });
  } finally {
    await program.dispose();
    await ranker.dispose();
  }
}

export interface Alignment {
  readonly set: TrainingSet;
  readonly model: Model;
  readonly strategy: AlignSettings;
  /** Absent for the loss `none`, which compares with nothing. */
  readonly reference?: Reference;
}

export function alignProgram(
  { config, engine }: Pick<Run, 'config' | 'engine'>,
  pretrained: Weights,
  { set, model: { encoder, features }, strategy, reference }: Alignment,
): Promise<Program> {
  const { negatives } = strategy;
  const { itemCount } = set;
  const options = {
    encoder,
    strategy,
    itemCount,
    ...(negatives.from === 'popularity'
      ? { popularity: popularityWeights(itemCounts(set), { exponent: negatives.exponent }) }
      : {}),
  };
  return engine.program(alignStep(config, options), {
    state: {
      ...trainingState(pretrained, encoder),
      ...features,
      ...(reference ? { [referenceItems]: reference.items } : {}),
    },
    inputs: alignSpecs(config, encoder, strategy),
  });
}

/** How often each item stands in the training part. */
function itemCounts(set: TrainingSet): Int32Array {
  const counts = new Int32Array(set.itemCount);
  for (const user of set.lengths.keys()) for (const item of set.items(user)) counts[item]!++;
  return counts;
}

/** What an alignment step reads beside a pretraining step's inputs. */
export function pairInputs(
  config: Config,
  { set, model, strategy, reference }: Alignment,
  batch: TrainingBatch,
): TrainingBatch['inputs'] {
  if (!reference) return {};
  return {
    reference: packVectors(batch, set, reference.tokens, model.encoder.width),
    excluded: packExcluded(batch, set, excludedCount(config, strategy)),
  };
}

/** The pool and the exclusions must leave something to draw. */
function checkPool(
  { name, negatives, count }: AlignSettings,
  { itemCount }: TrainingSet,
  width: number,
): void {
  const needed = (negatives.from === 'pool' ? negatives.size : count) + width;
  if (needed > itemCount) {
    throw actionable(
      new RangeError(
        `Strategy '${name}' needs ${needed} items (pool and exclusions), the catalogue has ` +
          `${itemCount}. Use a smaller pool, or align.exclude 'chosen'.`,
      ),
    );
  }
}

function packVectors(
  { packed }: TrainingBatch,
  set: TrainingSet,
  vectors: Float32Array,
  dimension: number,
): Float32Array {
  const laidOut = new Float32Array(packed.rows * packed.rowLength * dimension);
  for (const { sequence, row, offset, length } of packed.placements) {
    const from = set.firstTokens[sequence]! * dimension;
    const to = (row * packed.rowLength + offset) * dimension;
    laidOut.set(vectors.subarray(from, from + length * dimension), to);
  }
  return laidOut;
}
