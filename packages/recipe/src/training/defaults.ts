import type { LearnedPositions } from '../batches/training-set.ts';
import type { AlignSettings } from '../steps/align-settings.ts';
import type { PretrainSettings } from '../steps/pretrain-step.ts';
import type { Limits } from './train.ts';

/** What pretraining does unless it is told otherwise. */
export const pretrainDefaults: PretrainSettings & Limits = {
  loss: { kind: 'auto' },
  learningRate: 1e-3,
  dropout: 0.4,
  maxEpochs: 100,
  patience: 10,
};

/** What alignment does unless it is told otherwise: RoDPO's draw from the 50 best-scored items. */
export const alignDefaults: AlignSettings &
  Required<Pick<AlignSettings, 'margin'>> &
  Limits & { readonly positions: LearnedPositions } = {
  loss: 'dpo',
  negatives: { from: 'pool', size: 50 },
  count: 1,
  beta: 0.1,
  margin: 'policy-dropout',
  crossEntropyWeight: 1,
  learningRate: 1e-4,
  // As in pretraining: without it the cross-entropy overfits.
  dropout: 0.4,
  maxEpochs: 10,
  patience: 3,
  exclude: 'history',
  positions: 'all',
};
