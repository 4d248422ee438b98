import type { TensorSpec } from '@rodpo/compile';
import { type BatchLayout, tokenCount } from '../batches/batch-layout.ts';

/** What candidates are drawn from. */
export type CandidateSourceSettings =
  /** Every item alike. */
  | { readonly from: 'catalogue' }
  /** In proportion to the training interactions, each item counted once more, to a power. */
  | {
      readonly from: 'popularity';
      /** Default 0.75, `popularityExponent`. */
      readonly exponent?: number;
    }
  /** By rank of popularity, nearly Zipf's law. */
  | { readonly from: 'log-uniform' }
  /** What the batch itself learns; as many as are missing come by popularity, of exponent 1. */
  | { readonly from: 'batch' };

/** One source, or several with their shares of the candidates, which sum to 1. */
export type CandidateDistribution =
  | CandidateSourceSettings
  | {
      readonly from: 'mixed';
      readonly parts: readonly (CandidateSourceSettings & { readonly share: number })[];
    };

/** Items that all tokens of a batch, or of a row, are compared with. */
export interface CandidateSettings {
  /** Distinct items; the whole catalogue if it has no more. */
  readonly candidates: number;
  /** Default: by popularity, to the power 0.75. */
  readonly distribution?: CandidateDistribution;
  /** One draw for the batch, or one for each packed row of it. Default 'batch'. */
  readonly shared?: 'batch' | 'row';
}

/** What a step compares with candidates: its softmax, or its pools. */
export type CandidateUse = 'softmax' | 'pool';

/** Names of what a draw gives a step. */
export function candidateNames(use: CandidateUse): CandidateNames {
  return {
    items: `${use}.candidates`,
    logQ: `${use}.logQ`,
    logQOfTargets: `${use}.targets.logQ`,
    isCandidate: `${use}.targets.isCandidate`,
  };
}

interface CandidateNames {
  /** `[candidates]`, or `[rows, candidates]`. */
  readonly items: string;
  /** Logarithm of the probability to be one, in the same shape. */
  readonly logQ: string;
  /** The same of the token's chosen item: `[tokens]`. */
  readonly logQOfTargets: string;
  /** Whether the chosen item is among the candidates: `[tokens]`, 0 or 1. */
  readonly isCandidate: string;
}

/** Inputs of a step that compares with candidates; pools read the items alone. */
export function candidateSpecs(
  use: CandidateUse,
  layout: Pick<BatchLayout, 'rowCount' | 'rowLength'>,
  { candidates, shared = 'batch' }: CandidateSettings,
  itemCount: number,
): Record<string, TensorSpec> {
  const names = candidateNames(use);
  const count = Math.min(candidates, itemCount);
  const shape = shared === 'batch' ? [count] : [layout.rowCount, count];
  const items: TensorSpec = { shape, dtype: 'int32' };
  if (use === 'pool') return { [names.items]: items };
  const perToken: TensorSpec = { shape: [tokenCount(layout)], dtype: 'float32' };
  return {
    [names.items]: items,
    [names.logQ]: { shape, dtype: 'float32' },
    [names.logQOfTargets]: perToken,
    [names.isCandidate]: perToken,
  };
}
