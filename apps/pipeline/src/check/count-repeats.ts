import {
  applySteps,
  leaveOneOut,
  type RankingCase,
  type ReadonlyList,
  type SequenceDataset,
  type SequenceSplit,
} from '@rodpo/data';

export interface Repeats {
  /** Interactions with an item that the user had chosen before. */
  readonly repeats: number;
  /** Those of them at the very time of the earlier one: the same line twice, most likely. */
  readonly duplicates: number;
  /** Users whose held-out item is among the history that it is to be told from. */
  readonly validationTargets: number;
  readonly testTargets: number;
}

/** How often users choose an item again; duplicates are 0 where times are not known. */
export function countRepeats(
  dataset: SequenceDataset,
  { validation, test }: SequenceSplit = leaveOneOut(dataset.sequences),
): Repeats {
  const found = (kind: 'repeats' | 'duplicates') =>
    applySteps(dataset, [{ kind, keep: 'all' }]).counts[0]!.found!;
  const known = (cases: ReadonlyList<RankingCase>) => {
    let count = 0;
    for (const { history, target } of cases) if (history.includes(target)) count++;
    return count;
  };
  return {
    repeats: found('repeats'),
    duplicates: dataset.times ? found('duplicates') : 0,
    validationTargets: known(validation),
    testTargets: known(test),
  };
}
