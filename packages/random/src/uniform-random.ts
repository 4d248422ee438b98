/** Draws from [0, 1). `Math.random` fits; a seeded generator makes runs repeatable. */
export type UniformRandom = () => number;
