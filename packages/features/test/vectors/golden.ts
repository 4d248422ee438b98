import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Golden {
  readonly source: string;
  /** Files in `golden/vectors/`, and what they hold. */
  readonly npy: { readonly file: string; readonly shape: number[]; readonly data: number[] }[];
  /** What `numpy.save` makes of the values `i / 8`. */
  readonly saved: {
    readonly shape: [number, number];
    readonly bytes: number;
    readonly sha256: string;
  }[];
  /** SHA-256 of all float16 codes as float32, NaN as 0. */
  readonly halves: string;
  /** What most of the Parquet files hold. */
  readonly vectors: (number[] | null)[];
}

export const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/vectors.json', import.meta.url), 'utf8'),
);

export function goldenFile(name: string): string {
  return fileURLToPath(new URL(`../golden/vectors/${name}`, import.meta.url));
}
