import { actionable } from '@rodpo/errors';
import type { AlignSettings } from '../steps/align-settings.ts';
import type { PretrainLoss } from '../steps/pretrain-loss.ts';

const otherwise =
  "or open the workspace with itemRows 'program', which carries the whole catalogue.";

/** @throws {RangeError} (marked as actionable) for a loss that reads all items in each step */
export function requireHostLoss(loss: PretrainLoss): void {
  if (typeof loss === 'object' && (loss.kind === 'sampled' || loss.kind === 'auto')) return;
  const name = typeof loss === 'function' ? 'a loss of your own' : `the loss '${loss.kind}'`;
  throw actionable(
    new RangeError(
      `Item rows are on the host, so that a step sees a part of the catalogue, and ${name} reads all ` +
        `of it. Take { kind: 'sampled', candidates: 4096 }, ${otherwise}`,
    ),
  );
}

/** @throws {RangeError} (marked as actionable) for settings that read all items in each step */
export function requireHostAlignment(settings: AlignSettings): void {
  const { loss, negatives, crossEntropy, crossEntropyWeight } = settings;
  if (crossEntropyWeight > 0 && crossEntropy) requireHostLoss(crossEntropy);
  if (loss === 'none') return;
  const problem = problemOf(negatives);
  if (problem === undefined) return;
  throw actionable(
    new RangeError(
      `Item rows are on the host, so that a step sees a part of the catalogue: ${problem}, ${otherwise}`,
    ),
  );
}

function problemOf(negatives: AlignSettings['negatives']): string | undefined {
  if (typeof negatives === 'function') {
    return 'a draw of your own inside the step would draw from that part. Draw by a sampler';
  }
  switch (negatives.from) {
    case 'catalogue':
    case 'popularity':
    case 'batch':
      return (
        `negatives from '${negatives.from}' would be drawn inside the step, from that part. Let align draw ` +
        `them between steps, take { from: 'sampler', sampler: ${outside[negatives.from]} } of ` +
        '@rodpo/samplers and give each step its negatives and logProbabilities'
      );
    case 'sampler':
      return negatives.scored
        ? 'a sampler that looks at scores would need those of all items. Take a pool among candidates'
        : undefined;
    case 'history':
    case 'pool':
      return undefined;
  }
}

/** What draws the same between two steps. */
const outside = {
  catalogue: 'uniform({ itemCount, replacement: true })',
  popularity: 'popularity({ counts, replacement: true })',
  batch: 'inBatch({ replacement: true })',
} as const;
