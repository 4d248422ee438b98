import { readFileSync } from 'node:fs';

interface TrlCase {
  /** Index of the problem. */
  readonly problem: number;
  readonly losses: string[];
  readonly beta: number;
  /** Of TRL's `DPOConfig`. */
  readonly options: {
    readonly label_smoothing?: number;
    readonly discopop_tau?: number;
    readonly f_divergence_type?: string;
    readonly f_alpha_divergence_coef?: number;
    readonly use_weighting?: boolean;
    readonly loss_weights?: number[];
  };
  readonly loss: number;
  /** By the policy's table of logits. */
  readonly gradient: number[][];
  readonly metrics: Record<string, number>;
}

interface TrlGolden {
  /** Tables of logits, `[context, item]`, and the items of the pair in each context. */
  readonly problems: {
    readonly policy: number[][];
    readonly reference: number[][];
    readonly chosen: number[];
    readonly rejected: number[];
  }[];
  readonly cases: TrlCase[];
}

/** What TRL's trainer computes; `trl-dpo.py` made the file. */
export const trlGolden: TrlGolden = JSON.parse(
  readFileSync(new URL('trl-dpo.json', import.meta.url), 'utf8'),
);
