import { requireOneOf } from '@rodpo/errors';
import { checkRank } from './check-rank.ts';

/** What a gain adds to a cumulated gain: itself, or `2^gain - 1`. */
export type GainForm = 'linear' | 'exponential';

interface GainRange {
  /** Sums of what millions of such gains add are finite. */
  readonly most: number;
  readonly expected: string;
}

const ranges: Readonly<Record<GainForm, GainRange>> = {
  linear: { most: 2 ** 1000, expected: 'a finite number of at least 0' },
  exponential: { most: 1000, expected: 'a grade from 0 to 1000' },
};

/**
 * What each item adds.
 *
 * @throws {RangeError} unless there are `count` gains in the range of `form`, and `form` is one of its words
 */
export function itemWorths(
  gains: ArrayLike<number>,
  count: number,
  form: GainForm,
): Float64Array<ArrayBuffer> {
  requireOneOf('gain', form, Object.keys(ranges));
  const { most, expected } = ranges[form];
  if (gains.length !== count) {
    throw new RangeError(
      `gains must have one entry per rank, ${count}, got ${gains.length}. ` +
        'Keep both in the order of the relevant items.',
    );
  }
  return Float64Array.from(gains, (gain, index) => {
    if (gain >= 0 && gain <= most) return form === 'linear' ? gain : 2 ** gain - 1;
    throw new RangeError(
      `gain ${index} must be ${expected}, got ${gain}. Leave out the items that are not relevant.`,
    );
  });
}

/** The items by rank; those of one averaged rank by worth, so that a cutoff keeps the best. */
export function byPlace(ranks: ArrayLike<number>, worths: Float64Array): Int32Array {
  for (let index = 0; index < ranks.length; index++) checkRank(ranks[index]!);
  // Two infinite ranks differ by NaN, which is not an order: compare instead of subtracting.
  return Int32Array.from(worths.keys()).sort((a, b) =>
    ranks[a]! === ranks[b]! ? worths[b]! - worths[a]! : ranks[a]! < ranks[b]! ? -1 : 1,
  );
}

export function bestFirst(worths: Float64Array<ArrayBuffer>): Float64Array {
  return worths.slice().sort().reverse();
}
