import { leaveOneOut, type RankingCase, type SequenceDataset } from '@rodpo/data';

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
export function countRepeats({ sequences, times }: SequenceDataset): Repeats {
  let repeats = 0;
  let duplicates = 0;
  for (const [user, sequence] of sequences.entries()) {
    const timesOf = new Map<number, Set<number>>();
    for (const [place, item] of sequence.entries()) {
      const time = times?.[user]?.[place];
      const earlier = timesOf.get(item);
      if (earlier) {
        repeats++;
        if (time !== undefined && earlier.has(time)) duplicates++;
      }
      timesOf.set(item, (earlier ?? new Set()).add(time ?? Number.NaN));
    }
  }
  const { validation, test } = leaveOneOut(sequences);
  const known = (cases: readonly RankingCase[]) =>
    cases.filter(({ history, target }) => history.includes(target)).length;
  return { repeats, duplicates, validationTargets: known(validation), testTargets: known(test) };
}
