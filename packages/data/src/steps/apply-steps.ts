import { actionable } from '@rodpo/errors';
import { flatDataset } from '../dataset/flat-dataset.ts';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import type { DataStep } from './data-step.ts';
import { type DatasetSize, sizeOf, wholeMask } from './interaction-mask.ts';
import { keepInteractions } from './keep-interactions.ts';
import { runStep } from './run-step.ts';

/** What one step did. */
export interface StepCounts {
  readonly step: DataStep;
  /** Users and items count if they have an interaction. */
  readonly before: DatasetSize;
  readonly after: DatasetSize;
  /**
   * Of duplicates and repeats: how many interactions there were beside the one of each kind that
   * stays, whether they were taken out or only counted.
   */
  readonly found?: number;
}

/**
 * Makes a dataset smaller, step by step, in the order given: with a core before the repeats are gone,
 * another core may be left than with the core behind them.
 *
 * Users without interactions and items without users are dropped and the others numbered anew, once,
 * after the last step; users, items and each user's interactions keep their order, and interactions
 * their times. Needs one byte for each interaction beside the dataset and the result, and four more
 * during a core. Where everything stays, sequences and times are those that came.
 *
 * @throws {TimesMissingError} if a step goes by times, and there are none
 * @throws {RangeError} (marked as actionable) if a step is none that there is, a number of it is out
 * of range, it leaves nothing, or there is not one time for each item, oldest first
 */
export function applySteps(
  dataset: SequenceDataset,
  steps: readonly DataStep[],
): { readonly dataset: SequenceDataset; readonly counts: readonly StepCounts[] } {
  const flat = flatDataset(dataset);
  const kept = wholeMask(flat);
  let before = sizeOf(flat, kept);
  const counts = steps.map((step, index): StepCounts => {
    const found = runStep(flat, kept, step);
    const after = sizeOf(flat, kept);
    if (after.interactions === 0 && before.interactions > 0) throw emptied(step, index, before);
    const done = { step, before, after, ...(found === undefined ? {} : { found }) };
    before = after;
    return done;
  });
  return { dataset: keepInteractions(flat, kept) ?? datasetAlone(dataset), counts };
}

/** Without what else an object with a dataset has. */
export function datasetAlone({
  userIds,
  itemIds,
  sequences,
  times,
}: SequenceDataset): SequenceDataset {
  return { userIds, itemIds, sequences, ...(times ? { times } : {}) };
}

function emptied(step: DataStep, index: number, { interactions }: DatasetSize): RangeError {
  return actionable(
    new RangeError(
      `expected step ${index + 1} of the data, ${JSON.stringify(step)}, to leave some of ` +
        `${interactions} interactions, and it left none. Loosen it, or leave it out.`,
    ),
  );
}
