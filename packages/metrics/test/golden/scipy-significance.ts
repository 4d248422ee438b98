import { readFileSync } from 'node:fs';
import type { Alternative, WilcoxonOptions } from '@rodpo/metrics';

/** JSON has no infinities: they are strings, and `Number` reads both. */
type End = number | 'Infinity' | '-Infinity';

interface Significance {
  /** Degrees of freedom, t, P(T ≤ t). */
  readonly student: [number, number, number][];
  /** Degrees of freedom, probability, quantile. */
  readonly studentQuantiles: [number, number, number][];
  /** z, P(Z ≤ z). */
  readonly normal: [number, number][];
  /** Probability, quantile. */
  readonly normalQuantiles: [number, number][];
  readonly pairs: {
    readonly name: string;
    readonly a: number[];
    readonly b: number[];
    readonly tTests: {
      readonly alternative: Alternative;
      readonly confidence: number;
      readonly statistic: number;
      readonly degreesOfFreedom: number;
      readonly pValue: number;
      readonly confidenceInterval: [End, End];
    }[];
    readonly wilcoxon: [options: WilcoxonOptions, statistic: number, pValue: number][];
    readonly effectSizes: {
      readonly cohensDz: number;
      readonly hedges: number;
      readonly rankBiserial: number;
      readonly winsAndLosses: [number, number];
    };
    readonly bootstrap: {
      readonly resamples: number;
      readonly rows: {
        readonly method: 'percentile' | 'bca';
        readonly confidence: number;
        readonly confidenceInterval: [number, number];
        readonly standardError: number;
      }[];
    } | null;
  }[];
  readonly holm: { readonly pValues: number[]; readonly adjusted: number[] }[];
  readonly overSeeds: {
    readonly values: number[];
    readonly mean: number;
    readonly standardDeviation: number;
    readonly standardError: number;
    readonly intervals: { readonly confidence: number; readonly interval: [number, number] }[];
  };
}

/** What SciPy, statsmodels and mpmath compute; `scipy-significance.py` made the file. */
export const significance: Significance = JSON.parse(
  readFileSync(new URL('scipy-significance.json', import.meta.url), 'utf8'),
);
