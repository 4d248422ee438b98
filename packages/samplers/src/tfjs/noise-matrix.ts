import { reshape, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';

/**
 * Noise of one draw per row, or of several, as `[rows, count]`.
 *
 * @throws {RangeError} unless it is `[rows]` or `[rows, count]`
 */
export function noiseMatrix(noise: Tensor, rows: number): Tensor2D {
  const { shape } = noise;
  if (shape[0] !== rows || shape.length > 2 || shape[1] === 0) {
    throw new RangeError(
      `noise must have shape [${rows}] or [${rows}, count], got [${shape}]. ` +
        'Give one number per row, or one per draw.',
    );
  }
  return reshape(noise, [rows, shape[1] ?? 1]);
}
