import { reshape, type Tensor } from '@tensorflow/tfjs-core';

/** Splits the first axis: `[rows, …]` to `[rows / blockSize, blockSize, …]`. */
export function inBlocks(tensor: Tensor, blockSize: number): Tensor {
  const [rows, ...rest] = tensor.shape as [number, ...number[]];
  return reshape(tensor, [rows / blockSize, blockSize, ...rest]);
}

/** @throws {RangeError} if `blockSize` is not a positive integer that divides `rows` */
export function checkBlockSize(blockSize: number, rows: number): void {
  if (Number.isInteger(blockSize) && blockSize >= 1 && rows % blockSize === 0) return;
  throw new RangeError(
    `blockSize must be a positive divisor of the ${rows} rows, got ${blockSize}`,
  );
}
