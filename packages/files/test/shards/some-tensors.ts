import type { NamedArray } from '@rodpo/files';

/** Tensors that begin with a number of their own, so that those of two times differ everywhere. */
export function someTensors(start: number): Record<string, NamedArray> {
  const items = Float32Array.from({ length: 20 }, (_, n) => start + n / 32);
  return {
    items: { shape: [10, 2], data: items },
    steps: { shape: [], data: Int32Array.of(start) },
    flags: { shape: [3], data: Uint8Array.of(start, 1, 2) },
    none: { shape: [0, 4], data: new Float32Array(0) },
  };
}

/** Bytes of a shard that make five of them: 3 rows of 8 bytes in each, and what is small in the last. */
export const maxShardBytes = 25;
