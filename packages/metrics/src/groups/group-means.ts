import { type CaseMean, caseMean } from './case-mean.ts';

/**
 * The mean, standard error and number of cases of each group: shape `[groupCount]`. `values` is
 * any metric per case and `groups` says which group a case is in: shape `[caseCount]` each. −1
 * leaves a case out. Values that are `NaN` are counted apart, in `emptyCount`.
 *
 * @param groupCount by default the largest group plus 1; pass it so that empty groups at the end
 * get their row
 * @throws {RangeError} if the lengths differ, or a group is not an integer from −1 to
 * `groupCount − 1`
 */
export function groupMeans(
  values: ArrayLike<number>,
  groups: ArrayLike<number>,
  groupCount: number = largest(groups) + 1,
): CaseMean[] {
  if (values.length !== groups.length) {
    throw new RangeError(
      `expected a group for each of ${values.length} values, got ${groups.length}. ` +
        'Pass −1 for a case that belongs to no group.',
    );
  }
  const members = Array.from({ length: groupCount }, (): number[] => []);
  for (let index = 0; index < values.length; index++) {
    const group = groups[index]!;
    if (group !== -1) membersOf(members, group).push(values[index]!);
  }
  return members.map(caseMean);
}

function membersOf(members: number[][], group: number): number[] {
  const own = members[group];
  if (own) return own;
  throw new RangeError(
    `group must be an integer from −1 to ${members.length - 1}, got ${group}. ` +
      'Number groups from 0; −1 leaves a case out.',
  );
}

function largest(groups: ArrayLike<number>): number {
  let largest = -1;
  for (let index = 0; index < groups.length; index++) {
    if (groups[index]! > largest && Number.isInteger(groups[index])) largest = groups[index]!;
  }
  return largest;
}
