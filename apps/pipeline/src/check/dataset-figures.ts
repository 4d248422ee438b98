import type {
  DatasetSize,
  RankingCase,
  ReadonlyList,
  SequenceDataset,
  SequenceSplit,
} from '@rodpo/data';
import type { Config } from '../config/config.ts';
import { intervalSettings } from '../config/interval-settings.ts';
import { sizeOf } from '../data/apply-config-steps.ts';
import { splitOf } from '../data/split-of.ts';
import { countRepeats, type Repeats } from './count-repeats.ts';
import { type LengthFigures, lengthFigures } from './length-figures.ts';
import { type PopularityFigures, popularityFigures } from './popularity-figures.ts';
import { type TimeFigures, timeFigures } from './time-figures.ts';

/** What there is to rank, and to learn from. */
interface SplitFigures {
  /** Test items: one of each user who has any, unless the split holds out several. */
  readonly cases: number;
  /** Validation items, by which epochs are selected. */
  readonly validationCases: number;
  /** Users of whom two items or more are left to learn from: a pair needs as many. */
  readonly learners: number;
  /** Test and validation items that no user has in the part that is learned from. */
  readonly unseenTest: number;
  readonly unseenValidation: number;
}

/** All that is measured in data before anything is learnt from them; plain values. */
export interface DatasetFigures {
  readonly counts: DatasetSize;
  readonly repeats: Repeats;
  readonly split: SplitFigures;
  /** Null where times are not known. */
  readonly times: TimeFigures | null;
  readonly lengths: LengthFigures;
  readonly popularity: PopularityFigures;
}

/** @param dataset with at least one interaction */
export function datasetFigures(
  dataset: SequenceDataset,
  config: Pick<Config, 'encoder' | 'split'>,
): DatasetFigures {
  const { sequences, times, itemIds } = dataset;
  const split = splitOf(dataset, config.split);
  return {
    counts: sizeOf(dataset),
    repeats: countRepeats(dataset, split),
    split: splitFigures(split, itemIds.length),
    times: times ? timeFigures(times, split, intervalSettings(config)) : null,
    lengths: lengthFigures(sequences, config.encoder),
    popularity: popularityFigures(sequences, itemIds.length),
  };
}

function splitFigures({ train, validation, test }: SequenceSplit, itemCount: number): SplitFigures {
  const isSeen = new Uint8Array(itemCount);
  let learners = 0;
  for (const sequence of train) {
    for (const item of sequence) isSeen[item] = 1;
    if (sequence.length >= 2) learners++;
  }
  const unseen = (cases: ReadonlyList<RankingCase>) => {
    let count = 0;
    for (const { target } of cases) if (!isSeen[target]) count++;
    return count;
  };
  return {
    cases: test.length,
    validationCases: validation.length,
    learners,
    unseenTest: unseen(test),
    unseenValidation: unseen(validation),
  };
}
