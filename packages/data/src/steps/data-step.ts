import type { KeepRepeated } from './drop-repeated.ts';

/**
 * One way to make a dataset smaller, as plain data: what `applySteps` does. A list of them is JSON, so
 * that a config, a log and a saved run can say what was done.
 */
export type DataStep =
  | DuplicatesStep
  | RepeatsStep
  | ActivityStep
  | CoreStep
  | SampleStep
  | NewestStep;

/**
 * The same user, item and time more than once: lines that a log has twice. The dataset must have times.
 */
export interface DuplicatesStep {
  readonly kind: 'duplicates';
  /** Which of them stays; 'all' only counts them. Default 'first'. */
  readonly keep?: KeepRepeated;
}

/** The same user and item more than once, whenever it was. */
export interface RepeatsStep {
  readonly kind: 'repeats';
  /** Which of them stays; 'all' only counts them. Default 'first'. */
  readonly keep?: KeepRepeated;
}

/** Users with too few interactions go, and those with too many: robots, shared accounts, kiosks. */
export interface ActivityStep {
  readonly kind: 'activity';
  /** Fewest interactions of a user: a positive integer. Default 1. */
  readonly atLeast?: number;
  /** Most interactions of a user: an integer from `atLeast`. Default: any number. */
  readonly atMost?: number;
}

/** The largest part in which all users and all items have enough interactions: `kCore`. */
export interface CoreStep {
  readonly kind: 'core';
  /** Fewest interactions of a user: a positive integer. Default 5. */
  readonly users?: number;
  /** Fewest interactions of an item: a positive integer. Default 5. */
  readonly items?: number;
}

/**
 * Some users at random, with all they did. With one seed, a smaller sample of a dataset is part of a
 * larger one.
 */
export interface SampleStep {
  readonly kind: 'sample';
  /** How many stay: a positive integer. If there are no more than that, all do. */
  readonly users: number;
  /** A safe integer; decides who stays. */
  readonly seed: number;
}

/** Each user's last interactions. */
export interface NewestStep {
  readonly kind: 'newest';
  /** How many of each user stay: a positive integer. */
  readonly interactions: number;
}
