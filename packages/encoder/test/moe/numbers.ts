import { initMixture, type MixtureSettings, weightDrawer } from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';

/** The formula of every golden input, as in `golden/sparse-mixture.py`. */
export function wave(shape: readonly number[], scale: number, phase: number): tf.Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Float32Array.from(
    { length: size },
    (_, index) => scale * Math.sin(index * 0.7 + phase),
  );
  return tf.tensor(values, [...shape]);
}

export const weightedSum = (values: tf.Tensor): tf.Scalar =>
  tf.sum(tf.mul(values, wave(values.shape, 1, 0.5)));

/** Weights by the names and in the order of `golden/sparse-mixture.py`. */
export function mixtureWeights(
  { dimension, width, expertCount }: { dimension: number; width: number; expertCount: number },
  isShared: boolean,
): Record<string, tf.Tensor> {
  const shapes = {
    'router.kernel': [dimension, expertCount],
    'experts.up.kernel': [expertCount, dimension, width],
    'experts.up.bias': [expertCount, width],
    'experts.down.kernel': [expertCount, width, dimension],
    'experts.down.bias': [expertCount, dimension],
    ...(isShared && {
      'shared.up.kernel': [dimension, width],
      'shared.up.bias': [width],
      'shared.down.kernel': [width, dimension],
      'shared.down.bias': [dimension],
    }),
  };
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape], order) => [name, wave(shape, 0.8, order + 0.2)]),
  );
}

/** `[n, experts]`, from what `route` gives. */
export function gatesOf(
  { experts, weights }: { experts: tf.Tensor; weights: tf.Tensor },
  expertCount: number,
): number[] {
  const [n, activeCount] = experts.shape as [number, number];
  const [chosen, shares] = [experts.dataSync(), weights.dataSync()];
  const gates = new Array<number>(n * expertCount).fill(0);
  for (const [choice, expert] of chosen.entries()) {
    gates[Math.floor(choice / activeCount) * expertCount + expert] = shares[choice]!;
  }
  return gates;
}

/** Weights of a mixture by their names without prefix, 25 times the usual, so that all matter. */
export function makeMixture(
  settings: MixtureSettings,
  dimension: number,
): Record<string, tf.Tensor> {
  const normal = gaussianRandom(seededRandom(3));
  const drawer = weightDrawer(() => 25 * normal());
  initMixture(drawer, '', dimension, { ...settings, noisy: false });
  if (settings.noisy) drawer.table('.router.noise', dimension, settings.expertCount);
  return Object.fromEntries(
    Object.entries(drawer.arrays).map(([name, { shape, data }], order) => {
      const isBias = name.endsWith('.bias') && name !== '.router.bias';
      return [name.slice(1), isBias ? wave(shape, 0.5, order) : tf.tensor(data, [...shape])];
    }),
  );
}
