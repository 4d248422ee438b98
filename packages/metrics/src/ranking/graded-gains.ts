import { checkRank } from './check-rank.ts';

/** What a gain adds to a cumulated gain: itself, or `2^gain - 1`. */
export type GainForm = 'linear' | 'exponential';

/** What each item adds. @throws {RangeError} unless there are `count` finite gains of at least 0 */
export function itemWorths(
  gains: ArrayLike<number>,
  count: number,
  form: GainForm,
): Float64Array<ArrayBuffer> {
  if (gains.length !== count) {
    throw new RangeError(
      `gains must have one entry per rank, ${count}, got ${gains.length}. ` +
        'Keep both in the order of the relevant items.',
    );
  }
  return Float64Array.from(gains, (gain, index) => {
    if (!(gain >= 0 && gain < Number.POSITIVE_INFINITY)) {
      throw new RangeError(
        `gain ${index} must be a finite number of at least 0, got ${gain}. ` +
          'Leave out the items that are not relevant.',
      );
    }
    return form === 'linear' ? gain : 2 ** gain - 1;
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
