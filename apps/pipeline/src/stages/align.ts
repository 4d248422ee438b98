import type { Program } from '@rodpo/compile';
import { leaveOneOut } from '@rodpo/data';
import type { Config, Strategy } from '../config.ts';
import type { Dataset } from '../data/dataset.ts';
import { type TrainingBatch, type TrainingSet, trainingSet } from '../data/training-set.ts';
import type { Run } from '../run/run.ts';
import {
  alignSpecs,
  alignStep,
  excludedCount,
  loggedMetrics,
  referenceItems,
} from '../steps/align-step.ts';
import { countNegatives } from './count-negatives.ts';
import { createRanker } from './rank.ts';
import { referenceVectors } from './reference.ts';
import { finishedWeights, train, trainingState, type Weights } from './train.ts';

export const alignStage = ({ name }: Pick<Strategy, 'name'>): string => `align-${name}`;

/** Aligns the pretrained encoder by DPO with the strategy's negatives. */
export async function align(
  run: Run,
  dataset: Dataset,
  pretrained: Weights,
  strategy: Strategy,
): Promise<Weights> {
  const { config } = run;
  const finished = await finishedWeights(run, alignStage(strategy), config.align);
  if (finished) return finished;
  const set = trainingSet(dataset, config);
  checkPool(strategy, set, excludedCount(config));
  const reference = await referenceVectors(run, set, pretrained);
  const ranker = await createRanker(run, dataset, pretrained);
  const program = await alignProgram(run, pretrained, strategy);
  const split = leaveOneOut(dataset.sequences);
  try {
    return await train(run, {
      ...config.align,
      stage: alignStage(strategy),
      program,
      set,
      extend: (batch) => alignInputs(config, set, reference, batch),
      measure: (outputs, { packed }) => ({
        loss: outputs.loss![0]!,
        preference: outputs.preference![0]!,
        ...Object.fromEntries(loggedMetrics.map((name) => [name, outputs[name]![0]!])),
        ...countNegatives(outputs.negatives as Int32Array, packed, dataset, split),
      }),
      validate: (weights) => ranker.metrics(weights, 'validation'),
    });
  } finally {
    await program.dispose();
    await ranker.dispose();
  }
}

export function alignProgram(
  { config, engine }: Pick<Run, 'config' | 'engine'>,
  pretrained: Weights,
  strategy: Strategy,
): Promise<Program> {
  const itemCount = pretrained.items!.shape[0]!;
  return engine.program(alignStep(config, strategy, itemCount), {
    state: { ...trainingState(pretrained), [referenceItems]: pretrained.items! },
    inputs: alignSpecs(config),
  });
}

/** What an alignment step reads beside a pretraining step's inputs. */
export function alignInputs(
  config: Config,
  set: TrainingSet,
  reference: Float32Array,
  batch: TrainingBatch,
): TrainingBatch['inputs'] {
  return {
    reference: packVectors(batch, set, reference, config.encoder.dimension),
    excluded: packExcluded(batch, set, excludedCount(config)),
  };
}

/** The pool and the exclusions must leave something to draw. */
function checkPool({ name, poolSize }: Strategy, { itemCount }: TrainingSet, width: number): void {
  const needed = (poolSize === 'catalogue' ? 1 : poolSize) + width;
  if (needed > itemCount) {
    throw new RangeError(
      `Strategy '${name}' needs ${needed} items (pool and exclusions), the catalogue has ` +
        `${itemCount}. Use a smaller poolSize, or align.exclude 'chosen'.`,
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

/**
 * Items that are no negatives, per token, distinct and ascending, then fillers: the token's target
 * alone, or all the user's training items.
 */
function packExcluded(
  { packed, inputs }: TrainingBatch,
  set: TrainingSet,
  width: number,
): Int32Array {
  const tokens = packed.rows * packed.rowLength;
  if (width === 1) return inputs.targets as Int32Array;
  const excluded = new Int32Array(tokens * width).fill(set.itemCount);
  for (const { sequence, row, offset, length } of packed.placements) {
    const items = Int32Array.from(new Set(set.items(sequence))).sort();
    const first = row * packed.rowLength + offset;
    for (let token = first; token < first + length; token++) excluded.set(items, token * width);
  }
  return excluded;
}
