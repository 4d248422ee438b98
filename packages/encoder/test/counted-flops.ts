import type { GroupedLinear } from '@rodpo/encoder';
import * as tf from '@tensorflow/tfjs-core';

/** Each group's product by itself, which reads the counts. */
export const byGroup: GroupedLinear = (x, kernels, biases, counts) => {
  let start = 0;
  const parts = (counts.arraySync() as number[]).map((count, group) => {
    const rows = tf.slice(x, [start, 0], [count, -1]);
    const [kernel, bias] = [kernels, biases].map((all) => tf.squeeze(tf.slice(all, group, 1), [0]));
    start += count;
    return tf.add(tf.matMul(rows, kernel as tf.Tensor2D), bias!) as tf.Tensor2D;
  });
  return tf.concat(parts);
};

/** Two for each multiplication and addition of the matrix products that run. */
export async function countedFlops(run: () => tf.TensorContainer): Promise<number> {
  const { kernels } = await tf.profile(() => tf.tidy(run));
  const sizeOf = (extents: readonly number[]) => extents.reduce((left, right) => left * right, 1);
  const flops = kernels
    .filter(({ name }) => name === 'BatchMatMul')
    .map(({ inputShapes, outputShapes }) => {
      const [left, right] = inputShapes.map(sizeOf) as [number, number];
      const products = sizeOf(outputShapes[0]!);
      const [rows, columns] = outputShapes[0]!.slice(-2) as [number, number];
      // A product with a column is a count for the statistics, and no part of the encoder.
      if (columns === 1 || products === 0) return 0;
      // Whichever way they lie, [m, k] and [k, n] hold m · k and k · n numbers.
      const inner = Math.sqrt((left * right * rows * columns) / products ** 2);
      return 2 * products * inner;
    });
  return flops.reduce((left, right) => left + right, 0);
}
