import { type SequenceEncoder, transformerEncoder } from '@rodpo/encoder';
import { type Scalar, setBackend, sum } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { align } from '../src/training/align.ts';
import { initialWeights } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import { smallSizes, smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

/** An encoder with a loss of its own, which alone moves a parameter that nothing else reads. */
function withLoss(itemCount: number): SequenceEncoder {
  const encoder = transformerEncoder({ ...smallSizes, itemCount });
  return {
    ...encoder,
    initialize: (normal) => ({
      ...encoder.initialize(normal),
      own: { shape: [1], data: Float32Array.of(3) },
    }),
    encode: (parameters, ...rest) => ({
      ...encoder.encode(parameters, ...rest),
      auxiliaryLoss: sum(parameters.own!) as Scalar,
    }),
  };
}

test.each([
  ['all of it unless it is set', undefined, 1],
  ['a share', 0.25, 0.25],
  ['nothing', 0, 0],
])('an encoder’s own loss counts beside the preference: %s', async (_, auxiliaryWeight, share) => {
  const engine = compiledEngine({ threads: 1 });
  const workspace = smallWorkspace({ engine, encoder: ({ itemCount }) => withLoss(itemCount) });
  const { weights, log } = await align(workspace, initialWeights(workspace), {
    maxEpochs: 1,
    negatives: { from: 'catalogue' },
    crossEntropyWeight: 0,
    learningRate: 1e-3,
    ...(auxiliaryWeight === undefined ? {} : { auxiliaryWeight }),
  });
  await workspace.dispose();
  const { loss, preference, auxiliary } = log[0]! as Record<string, number>;

  expect(auxiliary).toBeCloseTo(3, 1);
  expect(loss! - preference!).toBeCloseTo(share * auxiliary!, 5);
  // It falls by the learning rate in each of Adam's steps, whatever the weight, or not at all.
  const moved = 3 - weights.own!.data[0]!;
  expect(moved > 5e-4).toBe(share > 0);
});
