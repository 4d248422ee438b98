import { readFileSync } from 'node:fs';

interface Scores {
  readonly chosen: number[];
  readonly rejected: number[];
}

interface DriftFigures {
  readonly mean: number;
  readonly standardError: number;
  readonly fellShare: number;
}

interface Beyond {
  readonly novelty: {
    readonly userCount: number;
    readonly userCounts: number[];
    readonly lists: number[][];
    readonly withoutFirst: number[];
    readonly smoothed: { readonly smoothing: number; readonly values: number[] }[];
  };
  readonly diversity: {
    readonly dimension: number;
    readonly vectors: number[];
    readonly lists: number[][];
    readonly values: number[];
  };
  readonly calibration: {
    readonly categoryCount: number;
    readonly weights: number[];
    readonly lists: number[][];
    readonly profiles: number[][];
    readonly cases: {
      readonly alpha: number;
      readonly rankWeights: number[];
      readonly values: number[];
    }[];
  };
  readonly groups: {
    readonly values: (number | null)[];
    readonly groups: number[];
    readonly means: number[];
    readonly standardErrors: number[];
    readonly counts: number[];
    readonly missing: number[];
  };
  readonly rewards: {
    readonly beta: number;
    readonly policy: Scores;
    readonly reference: Scores;
    readonly metrics: Record<string, number>;
    readonly drift: { readonly chosen: DriftFigures; readonly rejected: DriftFigures };
  }[];
  readonly hardness: {
    readonly itemCount: number;
    readonly count: number;
    readonly scores: number[];
    readonly negatives: number[];
    readonly values: number[];
  };
}

interface BeyondRecBole {
  readonly cutoffs: number[];
  readonly cases: {
    readonly lists: number[][];
    readonly trainCounts: number[];
    readonly coverage: number[];
    readonly gini: number[];
    readonly entropy: number[];
    readonly averagePopularity: number[];
    readonly tail: { readonly tailRatio: number; readonly values: number[] }[];
  }[];
}

const read = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

/** What NumPy and SciPy compute; `beyond.py` made the file. */
export const beyond: Beyond = read('beyond.json');

/** What RecBole's own classes compute; `beyond-recbole.py` made the file. */
export const beyondRecBole: BeyondRecBole = read('beyond-recbole.json');
