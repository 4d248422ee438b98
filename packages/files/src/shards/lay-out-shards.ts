import type { NamedArray, NamedArrays } from '../safetensors/named-array.ts';

/** Rows of a tensor that lie in one shard: those from `from` to before `to`. */
export interface Piece {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Which rows of which tensor each shard holds, in the order given. A tensor that fits into a shard is not
 * split; a row never is, so that one of more than `maxBytes` has a shard to itself.
 */
export function layOutShards(tensors: NamedArrays, maxBytes: number): Piece[][] {
  const shards: Piece[][] = [];
  let room = 0;
  const next = () => {
    shards.push([]);
    room = maxBytes;
  };
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const rows = rowsOf(shape);
    const rowBytes = rows === 0 ? 0 : data.byteLength / rows;
    if (shards.length === 0 || (data.byteLength > room && data.byteLength <= maxBytes)) next();
    let from = 0;
    do {
      if (rowBytes > room && shards.at(-1)!.length > 0) next();
      const fitting = rowBytes === 0 ? rows : Math.max(1, Math.floor(room / rowBytes));
      const to = Math.min(rows, from + fitting);
      shards.at(-1)!.push({ name, from, to });
      room -= (to - from) * rowBytes;
      from = to;
    } while (from < rows);
  }
  return shards;
}

/** Along the first axis; a number alone is one. */
export function rowsOf(shape: readonly number[]): number {
  return shape[0] ?? 1;
}

/** The rows of a piece as an array of their own, which shares its numbers. */
export function pieceOf(
  { shape, data }: NamedArray,
  { from, to }: Omit<Piece, 'name'>,
): NamedArray {
  const rowSize = data.length / Math.max(1, rowsOf(shape));
  return {
    shape: shape.length === 0 ? [] : [to - from, ...shape.slice(1)],
    data: data.subarray(from * rowSize, to * rowSize),
  };
}
