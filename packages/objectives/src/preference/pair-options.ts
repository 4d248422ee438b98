import { checkBetween } from '../check-number.ts';
import type { Divergence } from './divergence.ts';

export interface BetaOption {
  /** How strongly the policy is held to the reference: larger is closer. TRL's default is 0.1. */
  readonly beta: number;
}

export interface DivergenceOption {
  /** How the distance of policy and reference is measured. Default: 'reverse_kl', as in DPO. */
  readonly divergence?: Divergence;
}

export interface LabelSmoothingOption {
  /** Probability that chosen and rejected were mixed up, at least 0 and below ½. Default: 0. */
  readonly labelSmoothing?: number;
}

/** @throws {RangeError} if `labelSmoothing` is not at least 0 and below ½ */
export function checkLabelSmoothing(labelSmoothing: number): void {
  checkBetween('labelSmoothing', labelSmoothing, [0, 0.5], { below: true });
}
