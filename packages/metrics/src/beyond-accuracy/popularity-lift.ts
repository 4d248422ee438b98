import { groupMeans } from '../groups/group-means.ts';

/**
 * How much more popular the items are that users get than those that they chose:
 * `(GAP(recommended) − GAP(profile)) / GAP(profile)` with GAP the mean `averagePopularity` over
 * a group's users. 0 is fair, above 0 the recommender amplifies popularity.
 *
 * `recommended` and `profiles` are `averagePopularity` of the recommended lists and of the
 * histories: shape `[caseCount]` each. Counts or shares of users, the unit cancels. A case with
 * `NaN` on either side is left out of both. The result has shape `[groupCount]`, `NaN` for a
 * group without cases.
 *
 * @param groups the group of each case, as in `groupMeans`; by default all are in one
 * @see Abdollahpouri et al., "The Connection Between Popularity Bias, Calibration, and Fairness
 * in Recommendation", RecSys 2020, arXiv 2008.09273
 * @throws {RangeError} if the arrays differ in length, or a group is not an integer from −1
 */
export function popularityLift(
  recommended: ArrayLike<number>,
  profiles: ArrayLike<number>,
  groups: ArrayLike<number> = new Int32Array(recommended.length),
): Float64Array {
  if (recommended.length !== profiles.length) {
    throw new RangeError(
      `expected as many profiles as lists, ${recommended.length}, got ${profiles.length}. ` +
        'Pass the average popularity of both for the same cases, in order.',
    );
  }
  const whereBoth = (own: ArrayLike<number>) =>
    Float64Array.from(own, (value, row) =>
      Number.isNaN(recommended[row]! + profiles[row]!) ? NaN : value,
    );
  const after = groupMeans(whereBoth(recommended), groups);
  const before = groupMeans(whereBoth(profiles), groups);
  return Float64Array.from(after, ({ mean }, group) => {
    const baseline = before[group]!.mean;
    return (mean - baseline) / baseline;
  });
}
