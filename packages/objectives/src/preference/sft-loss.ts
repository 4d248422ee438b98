import { neg, type Tensor } from '@tensorflow/tfjs-core';
import type { PairScores } from './pair-scores.ts';

/**
 * Cross-entropy of the chosen items, `−log p(chosen)`, `[n]`: keeps their probability up beside
 * another loss. Neither the rejected items nor the reference matter.
 *
 * Needs log-probabilities. `linearCrossEntropy` is the same from hidden states.
 *
 * @see TRL 1.10, `DPOTrainer`, loss type `sft`; Wang et al., "Enhancing the Reasoning Ability of
 * Multimodal LLMs via Mixed Preference Optimization", 2024, https://arxiv.org/abs/2411.10442
 */
export function sftLoss(policy: PairScores): Tensor {
  return neg(policy.chosen);
}
