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

/**
 * The nearest items to what a batch's users want, by an approximate index of all items under a snapshot of the
 * policy: after each token of the batch that is asked about, the best-scored item first, then everybody's second
 * best, and so on, until there are enough. What is missing comes by popularity, of exponent 1. The next index is
 * built beside the training, which goes on with the one before.
 *
 * Of pools alone: nobody knows how likely an item was to be near, and a sampled softmax needs it. Needs the
 * optional peer usearch.
 *
 * @see Xiong et al., "Approximate Nearest Neighbor Negative Contrastive Learning for Dense Text Retrieval", ICLR
 * 2021, https://arxiv.org/abs/2007.00808
 */
export interface IndexCandidates {
  readonly from: 'index';
  /** From one snapshot to the next. Default: an epoch. */
  readonly every?: { readonly steps: number } | { readonly epochs: number };
  /**
   * Steps after a snapshot from which its index is used; until then the one before is, and then training waits
   * if it is not ready. 0 always waits. Default: when the next snapshot is due.
   */
  readonly readyAfter?: number | undefined;
  /** Tokens of a batch that are asked about, spread evenly over what it learns. Default 128. */
  readonly askedTokens?: number;
  /** Items looked for after each of them. Default: as large as a pool, and what may be excluded from it. */
  readonly nearest?: number | undefined;
  /** Items that a search keeps: more find more of the nearest, and take longer. Default 64. */
  readonly expansion?: number;
}

/** Items that pools are the best of: those of a batch. */
export interface PoolCandidates extends Pick<CandidateSettings, 'candidates'> {
  /** Default: by popularity, to the power 0.75. */
  readonly distribution?: CandidateDistribution | IndexCandidates;
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
  { candidates, shared = 'batch' }: Pick<CandidateSettings, 'candidates' | 'shared'>,
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
