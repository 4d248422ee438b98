import { actionable, requireOneOf, requirePositiveInteger } from '@rodpo/errors';
import type { LearnedPositions } from '../batches/training-set.ts';
import type { AlignSettings, NegativeSource } from './align-settings.ts';
import { gbceDefaults, type PretrainLoss } from './pretrain-loss.ts';
import { requireFromZero, requireShare } from './require-settings.ts';
import type { StepSettings } from './training-step.ts';

const losses = ['dpo', 'softmax-dpo', 'none'];
const margins = ['policy-dropout', 'no-dropout', 'same-dropout', 'centred'];
const sources = ['catalogue', 'popularity', 'batch', 'history', 'pool', 'sampler'];

/**
 * What of an alignment decides what is minimised.
 *
 * @throws {RangeError} (marked as actionable) for a number out of its range, a name that is none, or if
 * nothing is left to minimise
 */
export function checkAlignLoss({
  loss,
  negatives,
  count,
  beta,
  crossEntropyWeight,
}: Pick<AlignSettings, 'loss' | 'negatives' | 'count' | 'beta' | 'crossEntropyWeight'>): void {
  if (typeof loss === 'string') requireOneOf('loss', loss, losses);
  requireFromZero('crossEntropyWeight', crossEntropyWeight);
  if (loss === 'none') {
    requireCrossEntropy(crossEntropyWeight);
    return;
  }
  checkSource(negatives);
  requirePositiveInteger('count', count);
  if (Number.isFinite(beta) && beta > 0) return;
  throw actionable(new RangeError(`beta must be a finite number above 0, got ${beta}`));
}

/** Without a preference loss the cross-entropy is all that there is to learn from. */
function requireCrossEntropy(crossEntropyWeight: number): void {
  if (crossEntropyWeight > 0) return;
  throw actionable(
    new RangeError(
      "crossEntropyWeight must be above 0 where loss is 'none', got 0: nothing would be learnt. Raise it, " +
        'or choose a preference loss',
    ),
  );
}

function checkSource(negatives: NegativeSource): void {
  if (typeof negatives === 'function') return;
  requireOneOf('negatives.from', negatives.from, sources);
  if (negatives.from !== 'pool') return;
  requirePositiveInteger('negatives.size', negatives.size);
  const { scoredBy = 'policy' } = negatives;
  requireOneOf('negatives.scoredBy', scoredBy, ['policy', 'reference']);
}

/** All that an alignment is told. @throws {RangeError} (marked as actionable) as `checkAlignLoss` */
export function checkAlignment(
  settings: AlignSettings & { readonly positions?: LearnedPositions },
): void {
  const { margin = 'policy-dropout', exclude, positions = 'all' } = settings;
  const { auxiliaryWeight = 1, crossEntropy } = settings;
  checkAlignLoss(settings);
  checkStep(settings);
  requireFromZero('auxiliaryWeight', auxiliaryWeight);
  requireOneOf('margin', margin, margins);
  requireOneOf('exclude', exclude, ['chosen', 'history']);
  if (typeof positions === 'object') requirePositiveInteger('positions.last', positions.last);
  else requireOneOf('positions', positions, ['all', 'last']);
  if (!crossEntropy) return;
  requireOneOf('crossEntropy.kind', crossEntropy.kind, ['auto', 'softmax', 'sampled']);
  checkShared('crossEntropy', crossEntropy);
}

/** All that pretraining is told. @throws {RangeError} (marked as actionable) as `checkAlignLoss` */
export function checkPretraining(settings: StepSettings & { readonly loss: PretrainLoss }): void {
  const { loss } = settings;
  checkStep(settings);
  if (typeof loss === 'function') return;
  requireOneOf('loss.kind', loss.kind, ['auto', 'softmax', 'sampled', 'gbce']);
  checkShared('loss', loss);
  if (loss.kind !== 'gbce') return;
  const { negatives, offset } = { ...gbceDefaults, ...loss };
  requirePositiveInteger('loss.negatives', negatives);
  requireOneOf('loss.offset', offset, ['prior', 'none']);
}

function checkStep({ learningRate, dropout }: StepSettings): void {
  requireFromZero('learningRate', learningRate);
  requireShare('dropout', dropout);
}

function checkShared(name: string, loss: Exclude<PretrainLoss, (...args: never) => unknown>): void {
  if (loss.kind !== 'sampled') return;
  requirePositiveInteger(`${name}.candidates`, loss.candidates);
  requireOneOf(`${name}.shared`, loss.shared ?? 'batch', ['batch', 'row']);
}
