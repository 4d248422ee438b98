import type { Sequences } from '@rodpo/data';
import { choicesOf } from './popularity-rule.ts';
import { countFrom, type Rule, ruleOf } from './rule.ts';
import { successorsOf } from './successors.ts';

/** Of the items that followed one: their keys, the least first, and those that popularity alone would give. */
interface Followers {
  readonly keys: Float64Array;
  readonly levels: Float64Array;
}

/**
 * The items that came most often directly after the user's last item, in the training part: a Markov chain of
 * first order, by its counts. Of equal counts the more popular item is better, and what never followed comes
 * behind, by popularity.
 *
 * @param itemCount how many items there are; the sequences hold indices below it
 * @see Rendle et al., Factorizing personalized Markov chains for next-basket recommendation, WWW 2010, whose
 * unfactorised chain this is
 */
export function markovRule(train: Sequences, itemCount: number): Rule {
  const { levels, sorted, levelCount } = levelsOf(choicesOf(train, itemCount));
  const successors = successorsOf(train, itemCount);
  // One number for both: any count of transitions outweighs every level of popularity.
  const keyOf = (times: number, item: number) => times * levelCount + levels[item]!;
  const known = new Map<number, Followers>();
  const followersOf = (last: number): Followers => {
    let followers = known.get(last);
    if (!followers) {
      const { items, times } = successors.of(last);
      followers = {
        keys: Float64Array.from(items, (item, place) => keyOf(times[place]!, item)).sort(),
        levels: Float64Array.from(items, (item) => levels[item]!).sort(),
      };
      known.set(last, followers);
    }
    return followers;
  };
  const keyAfter = (last: number, item: number) => keyOf(successors.times(last, item), item);
  return ruleOf({
    reached: ({ history, target }) => {
      const last = history.at(-1)!;
      const followers = followersOf(last);
      const key = keyAfter(last, target);
      // Above all levels there are followers only; below, all other items count by theirs.
      const others =
        key < levelCount ? countFrom(sorted, key) - countFrom(followers.levels, key) : 0;
      return countFrom(followers.keys, key) + others;
    },
    reaches: (item, { history, target }) => {
      const last = history.at(-1)!;
      return keyAfter(last, item) >= keyAfter(last, target);
    },
  });
}

/** Places of numbers among the different ones, from 0: as few as can be, so that products of them stay exact. */
function levelsOf(counts: Float64Array) {
  const different = [...new Set(counts)].sort((a, b) => a - b);
  const levelOf = new Map(different.map((count, level) => [count, level]));
  const levels = counts.map((count) => levelOf.get(count)!);
  return { levels, sorted: levels.toSorted(), levelCount: different.length };
}
