import { alignInputs, trainingBatches } from '@rodpo/recipe';
import { expect, test } from 'vitest';
import { alignSettings } from '../../src/config/align-settings.ts';
import { tierOf } from '../tier.ts';
import { tokensOf } from './batch.ts';
import { plain, sharpWeights, smallRun } from './case.ts';
import { encodeSequence } from './encode-sequence.ts';
import { epochBatches } from './epoch-batches.ts';
import { trainingItems } from './sequences.ts';

test.each(tierOf(['onnxruntime', 'tfjs'] as const, (kind) => kind === 'onnxruntime'))(
  '%s: every training token has the vector of its user and its place',
  async (kind) => {
    const { run, dataset, workspace, sizes } = await smallRun(kind);
    const { maxLength, dimension } = run.config.encoder;
    const weights = sharpWeights(workspace, 7);
    const { set } = workspace;
    const { tokens, items } = await workspace.reference(weights);

    let token = 0;
    for (const sequence of dataset.sequences) {
      const read = trainingItems(sequence, maxLength).slice(0, -1);
      for (const vector of encodeSequence(plain(weights), sizes, read)) {
        expectVector(tokens.subarray(token * dimension, (token + 1) * dimension), vector);
        token++;
      }
    }
    expect(token).toBe(set.tokenCount);
    expect(tokens).toHaveLength(token * dimension);
    expect(items.data).toEqual(weights.items!.data);
  },
);

test('a step is given the reference of each cell, and what its user may not be given', async () => {
  const { run, workspace, sizes } = await smallRun('onnxruntime');
  const { config } = run;
  const { dimension, maxLength } = config.encoder;
  const weights = sharpWeights(workspace, 7);
  const { set, layout } = workspace;
  const reference = await workspace.reference(weights);
  const own = alignSettings(config.align, config.align.strategies[0]!);
  const strategy = { ...own, loss: 'dpo' as const };
  const inputsOf = alignInputs(strategy, workspace, reference);
  const batches = epochBatches(workspace, { stage: 'x', epoch: 1, positions: 'all' });
  const given = [...trainingBatches(set, layout, batches[0]!.seed)];

  expect(new Set(batches.flatMap(({ batch }) => batch.stretches.map(({ user }) => user)))).toEqual(
    new Set([0, 2, 3, 4, 6, 7, 8, 9, 10]),
  );
  for (const [index, { batch }] of batches.entries()) {
    const read = inputsOf(given[index]!, { seed: 1, step: 0 });
    const [laid, excluded] = [read.reference as Float32Array, read.excluded as Int32Array];
    for (const { stretch, place, cell } of tokensOf(batch)) {
      const vectors = encodeSequence(plain(weights), sizes, stretch.items.slice(0, -1));
      expectVector(laid!.subarray(cell * dimension, (cell + 1) * dimension), vectors[place]!);
      const width = maxLength + 1;
      const barred = [...excluded!.subarray(cell * width, (cell + 1) * width)];
      expect(new Set(barred.filter((item) => item < set.itemCount))).toEqual(
        new Set(stretch.items),
      );
    }
  }
});

function expectVector(actual: ArrayLike<number>, expected: Float64Array): void {
  for (const [column, value] of expected.entries()) {
    // Components of about 1, after some hundred float32 operations.
    expect(Math.abs(actual[column]! - value)).toBeLessThan(2e-5);
  }
}
