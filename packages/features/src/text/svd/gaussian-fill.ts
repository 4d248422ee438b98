import { gaussianRandom, type UniformRandom } from '@rodpo/random';

/** Standard normal draws, two for every two of `random`. */
export function gaussianFill(values: Float32Array, random: UniformRandom): void {
  const draw = gaussianRandom(random);
  for (let at = 0; at < values.length; at++) values[at] = draw();
}
