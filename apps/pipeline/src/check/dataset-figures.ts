import { type DatasetSize, leaveOneOut, type SequenceDataset } from '@rodpo/data';
import type { Config } from '../config/config.ts';
import { intervalSettings } from '../config/interval-settings.ts';
import { sizeOf } from '../data/apply-config-steps.ts';
import { countRepeats, type Repeats } from './count-repeats.ts';
import { type LengthFigures, lengthFigures } from './length-figures.ts';
import { type PopularityFigures, popularityFigures } from './popularity-figures.ts';
import { type TimeFigures, timeFigures } from './time-figures.ts';

/** What there is to rank, and to learn from. */
interface SplitFigures {
  /** Users with a test item. */
  readonly cases: number;
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
  config: Pick<Config, 'encoder'>,
): DatasetFigures {
  const { sequences, times, itemIds } = dataset;
  return {
    counts: sizeOf(dataset),
    repeats: countRepeats(dataset),
    split: splitFigures(dataset),
    times: times ? timeFigures(sequences, times, intervalSettings(config)) : null,
    lengths: lengthFigures(sequences, config.encoder),
    popularity: popularityFigures(sequences, itemIds.length),
  };
}

function splitFigures({ sequences, itemIds }: SequenceDataset): SplitFigures {
  const { train, validation, test } = leaveOneOut(sequences);
  const isSeen = new Uint8Array(itemIds.length);
  for (const sequence of train) for (const item of sequence) isSeen[item] = 1;
  const unseen = (cases: typeof test) => cases.filter(({ target }) => !isSeen[target]).length;
  return {
    cases: test.length,
    learners: train.filter(({ length }) => length >= 2).length,
    unseenTest: unseen(test),
    unseenValidation: unseen(validation),
  };
}
