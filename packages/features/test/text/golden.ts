import { readFileSync } from 'node:fs';
import type { SparseVector } from '@rodpo/features/text';

export interface GoldenRow {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

interface TextGolden {
  readonly source: string;
  readonly texts: readonly string[];
  readonly hashed: readonly {
    readonly kind: 'words' | 'characters';
    readonly range: readonly [number, number];
    readonly featureCount: number;
    readonly rows: readonly GoldenRow[];
  }[];
  readonly tfidf: {
    readonly counts: readonly GoldenRow[];
    readonly columnCount: number;
    readonly idf: readonly number[];
    readonly plain: readonly GoldenRow[];
    readonly sublinear: readonly GoldenRow[];
  };
  readonly svd: readonly {
    readonly name: string;
    readonly columnCount: number;
    readonly rows: readonly GoldenRow[];
    readonly singularValues: readonly number[];
    /** The singular value after those. */
    readonly next: number;
    /** `[rank][columnCount]` */
    readonly components: readonly (readonly number[])[];
  }[];
  readonly pipeline: {
    readonly sentences: readonly string[];
    readonly dimension: number;
    /** Of the vectors before they are scaled to length 1. */
    readonly lengths: readonly number[];
    /** Of the first twenty sentences with all. */
    readonly cosines: readonly (readonly number[])[];
  };
}

/** By test/golden/text-descriptor.py. */
export const golden: TextGolden = JSON.parse(
  readFileSync(new URL('../golden/text-descriptor.json', import.meta.url), 'utf8'),
);

export function sparseVector({ indices, values }: GoldenRow): SparseVector {
  return { indices: Int32Array.from(indices), values: Float32Array.from(values) };
}
