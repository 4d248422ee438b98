import { hardest } from '@rodpo/samplers';
import { expect, test } from 'vitest';
import type { NegativeSource } from '../src/steps/align-settings.ts';
import type { PretrainLoss } from '../src/steps/pretrain-loss.ts';
import { alignmentBySize, lossBySize } from '../src/training/by-size.ts';
import { alignDefaults } from '../src/training/defaults.ts';

const own = (() => {
  throw new Error('no step is made');
}) as unknown as PretrainLoss & NegativeSource;
const [host, program] = [{ itemRows: 'host' }, { itemRows: 'program' }] as const;

test('auto is a softmax: among candidates where rows are on the host, else over all', () => {
  expect(lossBySize({ kind: 'auto' }, host)).toEqual({ kind: 'sampled', candidates: 4096 });
  expect(lossBySize({ kind: 'auto' }, program)).toEqual({ kind: 'softmax' });
});

test.each<PretrainLoss>([
  { kind: 'softmax' },
  { kind: 'sampled', candidates: 8 },
  { kind: 'gbce' },
  own,
])('a loss that was chosen stays: %j', (loss) => {
  for (const size of [host, program]) expect(lossBySize(loss, size)).toBe(loss);
});

test('alignment takes the cross-entropy that its workspace trains by', () => {
  for (const [size, kind] of [
    [host, 'sampled'],
    [program, 'softmax'],
  ] as const) {
    expect(alignmentBySize(alignDefaults, size).crossEntropy).toMatchObject({ kind });
    const asked = { ...alignDefaults, crossEntropy: { kind: 'softmax' } } as const;
    expect(alignmentBySize(asked, size).crossEntropy).toEqual({ kind: 'softmax' });
  }
});

test('pools are among candidates where rows are on the host, unless they are already', () => {
  const negatives = { from: 'pool', size: 50, scoredBy: 'reference' } as const;
  const few = { ...negatives, among: { candidates: 100 } };
  const negativesOf = (source: NegativeSource, size: typeof host | typeof program) =>
    alignmentBySize({ ...alignDefaults, negatives: source }, size).negatives;

  expect(negativesOf(negatives, host)).toEqual({ ...negatives, among: { candidates: 4096 } });
  expect(negativesOf(few, host)).toBe(few);
  expect(negativesOf(negatives, program)).toBe(negatives);
});

test.each<[string, NegativeSource]>([
  ['the catalogue', { from: 'catalogue' }],
  ['the history', { from: 'history' }],
  ['a sampler', { from: 'sampler', sampler: hardest(), scored: true }],
  ['a function', own],
])('negatives from %s stay', (_, negatives) => {
  for (const size of [host, program]) {
    expect(alignmentBySize({ ...alignDefaults, negatives }, size).negatives).toBe(negatives);
  }
});
