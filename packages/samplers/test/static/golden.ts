import { readFileSync } from 'node:fs';
import { itemLists, type NegativeSampler } from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';

interface Rows {
  readonly excluded: number[][];
  /** Of every item for each row; null is −∞. */
  readonly logProbabilities: (number | null)[][];
}

interface StaticGolden {
  readonly popularity: (Rows & {
    readonly counts: number[];
    readonly exponent: number;
    readonly smoothing: number;
  })[];
  readonly logUniform: (Rows & {
    readonly itemCount: number;
    readonly order: number[] | null;
  })[];
}

/** What NumPy computes; `static.py` made the file. */
export const golden: StaticGolden = JSON.parse(
  readFileSync(new URL('../golden/static.json', import.meta.url), 'utf8'),
);

export function expectGolden(sampler: NegativeSampler, { excluded, logProbabilities }: Rows): void {
  const rowCount = excluded.length;
  const itemCount = logProbabilities[0]!.length;
  const items = Int32Array.from({ length: rowCount * itemCount }, (_, index) => index % itemCount);
  const batch = { rowCount, excluded: itemLists(excluded) };

  expectAllClose(
    sampler.logProbabilities(batch, items, itemCount),
    logProbabilities.flat().map((value) => value ?? -Infinity),
    { absolute: 1e-6, relative: 1e-6 }, // a Float32Array holds about 1e-7
  );
}
