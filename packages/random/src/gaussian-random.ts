import type { UniformRandom } from './uniform-random.ts';

/**
 * Standard normal draws (mean 0, variance 1) from uniform ones, two draws of
 * `random` for every two normals.
 *
 * Always finite: the logarithm takes `1 - random()`, which lies in (0, 1] even
 * when `random` returns 0. With `seededRandom` the tails end at
 * `sqrt(2 · 32 · ln 2)` = 6.66.
 *
 * @see Box and Muller, "A Note on the Generation of Random Normal Deviates",
 * Annals of Mathematical Statistics 1958
 */
export function gaussianRandom(random: UniformRandom): () => number {
  let spare: number | undefined;

  return () => {
    if (spare !== undefined) {
      const drawn = spare;
      spare = undefined;
      return drawn;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
