import type { SparseVector } from './sparse-rows.ts';
import { tfidf } from './tfidf.ts';

/** The hashed columns that a descriptor knows, renumbered without gaps. */
export interface Vocabulary {
  /** `[size]`, ascending: which hashed column each one is. */
  readonly columns: Int32Array;
  /** `[size]` */
  readonly idf: Float64Array;
}

/** Counts in hashed columns → their TF-IDF row in the vocabulary's columns. */
export type Weigh = (counts: SparseVector) => SparseVector;

/**
 * Columns that are unknown are left out before the row is scaled to length 1.
 *
 * @param hashedColumns how many columns the hash has
 */
export function weighing(
  { columns, idf }: Vocabulary,
  hashedColumns: number,
  sublinear: boolean,
): Weigh {
  const positions = new Int32Array(hashedColumns).fill(-1);
  columns.forEach((column, position) => {
    positions[column] = position;
  });
  return ({ indices, values }) => {
    const isKnown = (_: number, entry: number) => positions[indices[entry]!]! >= 0;
    const known = {
      indices: indices.filter(isKnown).map((column) => positions[column]!),
      values: values.filter(isKnown),
    };
    return tfidf(known, idf, { sublinear });
  };
}
