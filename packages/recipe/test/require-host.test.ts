import { isActionable } from '@rodpo/errors';
import { hardest, uniform } from '@rodpo/samplers';
import { expect, test } from 'vitest';
import { requireHostAlignment, requireHostLoss } from '../src/rows/require-host.ts';
import type { AlignSettings } from '../src/steps/align-settings.ts';
import type { PretrainLoss } from '../src/steps/pretrain-loss.ts';
import { alignProgram } from '../src/training/align.ts';
import { alignDefaults } from '../src/training/defaults.ts';
import { initialWeights } from '../src/training/pretrain.ts';
import { eagerEngine } from '../src/workspace/engine.ts';
import { smallWorkspace } from './small-workspace.ts';

const sampled: PretrainLoss = { kind: 'sampled', candidates: 8 };
const softmax: PretrainLoss = { kind: 'softmax' };
const own = (() => {
  throw new Error('no step is made');
}) as unknown as PretrainLoss;
const draw = (() => {
  throw new Error('no step is made');
}) as unknown as AlignSettings['negatives'];

function thrown(action: () => void): Error | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

test.each<[PretrainLoss, RegExp | undefined]>([
  [sampled, undefined],
  [{ kind: 'auto' }, undefined],
  [softmax, /the loss 'softmax' reads all of it\. Take \{ kind: 'sampled'/],
  [own, /a loss of your own reads all of it/],
])('a loss that reads all items is refused: %j', (loss, message) => {
  const error = thrown(() => requireHostLoss(loss));

  if (message === undefined) return expect(error).toBeUndefined();
  expect(error).toBeInstanceOf(RangeError);
  expect(error!.message).toMatch(message);
  expect(isActionable(error)).toBe(true);
});

const uniformly = { from: 'sampler', sampler: uniform({ itemCount: 40 }) } as const;
const hardly = { from: 'sampler', sampler: hardest(), scored: true } as const;

test.each<[string, Partial<AlignSettings>, RegExp | undefined]>([
  ['a sampler', { negatives: uniformly, crossEntropyWeight: 0 }, undefined],
  ['cross-entropy of candidates', { negatives: uniformly, crossEntropy: sampled }, undefined],
  ['cross-entropy of all', { negatives: uniformly, crossEntropy: softmax }, /'softmax' reads all/],
  [
    'one that counts nothing',
    { negatives: uniformly, crossEntropy: softmax, crossEntropyWeight: 0 },
    undefined,
  ],
  ['one of which nothing is said', { negatives: uniformly }, undefined],
  ['a sampler of scores', { negatives: hardly, crossEntropy: sampled }, /those of all items/],
  ['a draw of its own', { negatives: draw, crossEntropy: sampled }, /Draw by a sampler, or open/],
  ['the catalogue', { negatives: { from: 'catalogue' } }, /sampler: uniform\(.*step its negatives/],
  [
    'popularity',
    { negatives: { from: 'popularity' } },
    /'popularity' would .* popularity\(\{ counts/,
  ],
  ['the batch', { negatives: { from: 'batch' } }, /Let align draw .* inBatch\(.*, or open/],
  ['the history', { negatives: { from: 'history' } }, undefined],
  ['no preference loss', { negatives: hardly, crossEntropy: sampled, loss: 'none' }, undefined],
])('alignment with %s', (_, changes, message) => {
  const settings = { ...alignDefaults, crossEntropyWeight: 0.5, ...changes } as AlignSettings;
  const error = thrown(() => requireHostAlignment(settings));

  if (message === undefined) return expect(error).toBeUndefined();
  expect(error).toBeInstanceOf(RangeError);
  expect(error!.message).toMatch(message);
  expect(isActionable(error)).toBe(true);
});

test.each<[string, Partial<AlignSettings>, RegExp]>([
  ['negatives of the batch', { negatives: { from: 'batch' } }, /'batch' would be drawn inside/],
  ['a full softmax', { negatives: uniformly, crossEntropy: softmax }, /'softmax' reads all of it/],
])('a program of %s is refused, in a loop of your own too', async (_, changes, message) => {
  const workspace = smallWorkspace({ itemRows: 'host', engine: eagerEngine() });
  const settings = { ...alignDefaults, ...changes };
  const made = alignProgram(workspace, initialWeights(workspace), settings, undefined);

  await expect(made).rejects.toThrow(message);
  await expect(made).rejects.toSatisfy(isActionable);
});
