import type { NamedArray } from '@rodpo/files';

/** An array of zeros, float32. */
export function zerosOf(shape: readonly number[]): NamedArray {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { shape, data: new Float32Array(size) };
}
