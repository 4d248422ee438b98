import { requirePositiveInteger } from '@rodpo/errors';
import { deriveSeed, seededRandom } from '@rodpo/random';
import { type Candidates, drawCandidates } from '@rodpo/samplers';
import type { StepPlace } from '@rodpo/trainer';
import type { BatchLayout } from '../batches/batch-layout.ts';
import { itemCounts } from '../batches/item-counts.ts';
import type { TrainingBatch, TrainingSet } from '../batches/training-set.ts';
import {
  type CandidateSettings,
  type CandidateUse,
  candidateNames,
} from '../steps/candidate-settings.ts';
import { candidateParts } from './candidate-parts.ts';
import type { Inputs } from './train.ts';

/** Draws a batch's candidates before its step; what it draws follows from the step's place. */
export type CandidateDrawer = (
  batch: TrainingBatch,
  place: Pick<StepPlace, 'seed' | 'step'>,
) => Inputs;

/**
 * Makes the distributions once, for all batches of a training.
 *
 * @throws {RangeError} (marked as actionable) if the number of candidates is no positive integer, or
 * shares do not sum to 1
 */
export function candidateDrawer(
  set: TrainingSet,
  { rowLength }: Pick<BatchLayout, 'rowLength'>,
  use: CandidateUse,
  settings: CandidateSettings,
): CandidateDrawer {
  const { candidates, distribution = { from: 'popularity' }, shared = 'batch' } = settings;
  requirePositiveInteger('candidates', candidates);
  const partsOf = candidateParts(distribution, itemCounts(set));
  const count = Math.min(candidates, set.itemCount);
  return ({ inputs }, { seed, step }) => {
    const random = seededRandom(deriveSeed(seed, 'candidates', use, step));
    const [targets, weights] = [inputs.targets as Int32Array, inputs.weights as Float32Array];
    const stretch = shared === 'batch' ? targets.length : rowLength;
    const groups = Array.from({ length: targets.length / stretch }, (_, group) => {
      const learned = { targets, weights, from: group * stretch, to: (group + 1) * stretch };
      const drawn = drawCandidates(partsOf(count, chosenOf(learned)), random);
      return { ...learned, drawn };
    });
    return inputsOf(use, groups, count);
  };
}

/** Tokens from `from` to before `to`. */
interface Stretch {
  readonly targets: Int32Array;
  readonly weights: Float32Array;
  readonly from: number;
  readonly to: number;
}

function chosenOf({ targets, weights, from, to }: Stretch): Int32Array {
  return targets.subarray(from, to).filter((_, place) => weights[from + place] !== 0);
}

function inputsOf(
  use: CandidateUse,
  groups: readonly (Stretch & { readonly drawn: Candidates })[],
  count: number,
): Inputs {
  const names = candidateNames(use);
  const items = new Int32Array(groups.length * count);
  for (const [group, { drawn }] of groups.entries()) items.set(drawn.items, group * count);
  if (use === 'pool') return { [names.items]: items };

  const tokenCount = groups.at(-1)!.to;
  const logQ = new Float32Array(items.length);
  const logQOfTargets = new Float32Array(tokenCount);
  const isCandidate = new Float32Array(tokenCount);
  for (const [group, { drawn, targets, weights, from, to }] of groups.entries()) {
    logQ.set(Array.from(drawn.items, drawn.logInclusion), group * count);
    const known = new Set(drawn.items);
    for (let token = from; token < to; token++) {
      // What is not learned from has no say, whatever padding holds.
      if (weights[token] === 0) continue;
      const target = targets[token]!;
      logQOfTargets[token] = drawn.logInclusion(target);
      isCandidate[token] = known.has(target) ? 1 : 0;
    }
  }
  return {
    [names.items]: items,
    [names.logQ]: logQ,
    [names.logQOfTargets]: logQOfTargets,
    [names.isCandidate]: isCandidate,
  };
}
