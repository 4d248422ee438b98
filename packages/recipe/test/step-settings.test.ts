import { expect, test } from 'vitest';
import { type AlignSettings, candidatesOf } from '../src/steps/align-settings.ts';
import type { CandidateSettings } from '../src/steps/candidate-settings.ts';
import { rowCapacity } from '../src/steps/row-names.ts';

const among: CandidateSettings = { candidates: 9 };
const sampled = { kind: 'sampled', candidates: 7 } as const;
const pool = { from: 'pool', size: 2, among } as const;

type Asked = Pick<AlignSettings, 'loss' | 'negatives' | 'crossEntropy' | 'crossEntropyWeight'>;
const asked = (own: Partial<Asked>): Asked => ({
  loss: 'dpo',
  negatives: pool,
  crossEntropyWeight: 1,
  ...own,
});

test.each([
  ['a pool among candidates', {}, { pool: among }],
  ['a pool of the catalogue', { negatives: { from: 'pool', size: 2 } }, {}],
  ['negatives from elsewhere', { negatives: { from: 'catalogue' } }, {}],
  ['a function that has a property of that name', { negatives: Object.assign(() => {}, pool) }, {}],
  ['no comparison at all', { loss: 'none' }, {}],
  ['a sampled cross-entropy', { crossEntropy: sampled }, { pool: among, softmax: sampled }],
  ['one without weight', { crossEntropy: sampled, crossEntropyWeight: 0 }, { pool: among }],
  ['one over all items', { crossEntropy: { kind: 'softmax' } }, { pool: among }],
  ['that alone', { loss: 'none', crossEntropy: sampled }, { softmax: sampled }],
] as [string, Partial<Asked>, object][])(
  '%s: what a step compares with candidates',
  (_, own, expected) => {
    expect(candidatesOf(asked(own))).toEqual(expected);
  },
);

test('a step has room for the items that it looks up, and never for more than there are', () => {
  const spec = (...shape: number[]) => ({ shape, dtype: 'int32' as const });
  const specs = { items: spec(3, 2), targets: spec(6), positions: spec(500) };

  // One row more, for what is no item.
  expect(rowCapacity(specs, 1000)).toBe(13);
  expect(rowCapacity(specs, 8)).toBe(9);
});
