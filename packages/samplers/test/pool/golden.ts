import { readFileSync } from 'node:fs';
import type { NegativeSampler } from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import { listsOf } from '../any-batch.ts';
import { logarithms, type ScoredBatch } from './oracle.ts';

/** Of every item for each row; null is −∞. */
type Rows = (number | null)[][];

interface PoolGolden {
  readonly scores: number[][];
  readonly excluded: number[][];
  readonly softmax: { poolSize: number; temperature: number; logProbabilities: Rows }[];
  readonly rank: { poolSize: number; rankExponent: number; logProbabilities: Rows }[];
  readonly dynamic: { candidateCount: number; keep: number; logProbabilities: Rows }[];
  readonly enumerated: {
    itemCount: number;
    candidateCount: number;
    keep: number;
    probabilities: number[];
  }[];
  readonly confidence: { prior: number | number[]; confidences: number[][] }[];
}

/** What NumPy and SciPy compute; `pool.py` made the file. */
export const golden: PoolGolden = JSON.parse(
  readFileSync(new URL('../golden/pool.json', import.meta.url), 'utf8'),
);

/** The three rows of all golden cases but the enumerated ones. */
export const goldenBatch: ScoredBatch = {
  rowCount: golden.scores.length,
  scores: Float32Array.from(golden.scores.flat()), // halves: exact
  excluded: listsOf(golden.excluded),
};

export function expectGolden(sampler: NegativeSampler, logProbabilities: Rows): void {
  expectAllClose(
    logarithms(sampler, goldenBatch),
    logProbabilities.flat().map((value) => value ?? -Infinity),
    { absolute: 1e-6, relative: 1e-6 }, // a Float32Array holds about 1e-7
  );
}
