import { deriveSeed, permutation, seededRandom } from '@rodpo/random';
import { isControl, type Strategy } from '../config/align-settings.ts';
import type { Combination, Tuning } from './settings.ts';

/**
 * The combinations that tuning tries of a strategy, in a random order that the tuning's seed
 * decides: strategies with the same settings to tune try the same combinations.
 */
export function combinationsOf(strategy: Strategy, { space, seed, trials }: Tuning): Combination[] {
  const all = product(applicable(strategy, space));
  const order = permutation(all.length, seededRandom(deriveSeed(seed, 'trials')));
  return Array.from(order.subarray(0, trials), (place) => all[place]!);
}

type Values = Readonly<Record<string, readonly number[]>>;

/** The settings of `space` that make a difference to the strategy, with the values that it allows. */
function applicable(
  strategy: Strategy,
  { beta, crossEntropyWeight, learningRate, poolSize }: Tuning['space'],
): Values {
  const { negatives, count } = strategy;
  const isCompared = !isControl(strategy);
  const hasPool = negatives.from === 'pool' && negatives.size > 1;
  const pools = hasPool ? poolSize?.filter((size) => size >= count) : undefined;
  return {
    // Without a preference loss there is no β, and the cross-entropy's weight is a mere scale,
    // which Adam does not see.
    ...(beta && isCompared ? { beta } : {}),
    ...(crossEntropyWeight && isCompared ? { crossEntropyWeight } : {}),
    ...(learningRate ? { learningRate } : {}),
    ...(pools?.length ? { poolSize: pools } : {}),
  };
}

/** Every combination of one value each; none if there is nothing to choose. */
function product(space: Values): Combination[] {
  const axes = Object.entries(space);
  if (axes.length === 0) return [];
  return axes.reduce<Combination[]>(
    (made, [name, values]) =>
      made.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value }))),
    [{}],
  );
}

/** A strategy with a combination in place of its own settings. */
export function withCombination(strategy: Strategy, combination: Combination): Strategy {
  const { poolSize, ...settings } = combination;
  const tuned = { ...strategy, ...settings };
  return poolSize === undefined ? tuned : withPoolSize(tuned, poolSize);
}

/** A strategy that draws from a pool, with a pool of another size; any other as it is. */
export function withPoolSize(strategy: Strategy, size: number): Strategy {
  const { negatives } = strategy;
  return negatives.from === 'pool' ? { ...strategy, negatives: { ...negatives, size } } : strategy;
}

/** Place of the best figure; of equal ones, the first. */
export function bestTrial(figures: readonly number[]): number {
  return figures.indexOf(Math.max(...figures));
}
