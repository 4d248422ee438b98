export type ElementType = 'F64' | 'F32' | 'I32' | 'U8';

/** Numbers of a tensor, in the machine's order of bytes: little-endian on all that Node runs on but IBM's z. */
export type ElementArray =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

export const arrayOf: {
  readonly F64: typeof Float64Array;
  readonly F32: typeof Float32Array;
  readonly I32: typeof Int32Array;
  readonly U8: typeof Uint8Array;
} = { F64: Float64Array, F32: Float32Array, I32: Int32Array, U8: Uint8Array };
