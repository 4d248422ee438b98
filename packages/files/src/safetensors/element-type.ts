export type ElementType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I32' | 'U8';

/**
 * Numbers of a tensor, in memory of their own or shared with workers, in the machine's order of bytes:
 * little-endian on all that Node runs on but IBM's z.
 */
export type ElementArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/** What numbers of a type are read into; those of 16 bits become float32, which holds them exactly. */
export const arrayOf: {
  readonly F64: typeof Float64Array;
  readonly F32: typeof Float32Array;
  readonly F16: typeof Float32Array;
  readonly BF16: typeof Float32Array;
  readonly I32: typeof Int32Array;
  readonly U8: typeof Uint8Array;
} = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Float32Array,
  BF16: Float32Array,
  I32: Int32Array,
  U8: Uint8Array,
};

/** What an array's numbers are in a file that keeps them as they are. */
export function elementTypeOf(data: Exclude<ElementArray, Float64Array>): 'F32' | 'I32' | 'U8' {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

/** Bytes of a number in a file. */
export const bytesOf: Readonly<Record<ElementType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I32: 4,
  U8: 1,
};
