export {
  type DpoOptions,
  dpoLoss,
  type PairScores,
  preferenceMargin,
  weightedMean,
} from './dpo-loss.ts';
export {
  type LinearCrossEntropyOptions,
  type LoopResult,
  linearCrossEntropy,
  type Scan,
} from './linear-cross-entropy.ts';
