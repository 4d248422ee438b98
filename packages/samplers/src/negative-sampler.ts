/** Draws from [0, 1). `Math.random` fits; a seeded generator makes runs repeatable. */
export type UniformRandom = () => number;

export interface SamplingQuery {
  /** Policy score of every item, indexed by item: `[itemCount]`. */
  readonly scores: Float32Array;
  /** Items that must not be drawn: the chosen one, and others if known to be liked. */
  readonly excluded: ReadonlySet<number>;
}

/** Draws `count` distinct items outside `query.excluded`: `[count]`. */
export type NegativeSampler = (
  query: SamplingQuery,
  count: number,
  random: UniformRandom,
) => Int32Array;
