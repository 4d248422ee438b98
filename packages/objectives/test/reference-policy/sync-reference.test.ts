import { compile } from '@rodpo/compile';
import { noReference, softmaxDpoLoss, syncReference } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { expectTensors } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { published, unpackedAll } from '../golden/published.ts';
import { lists } from '../lists.ts';

const weights = (value: number) => ({ items: tf.tensor2d([value, 10 * value], [1, 2]) });

/** The reference's weights after `step`, from 1 and 10 with a policy at 2 and 20. */
const synced = (options: Parameters<typeof syncReference>[2]) => [
  ...syncReference(weights(1), weights(2), options).items!.dataSync(),
];

describe('syncReference', () => {
  test('mixes the policy in every so many steps, and else keeps the reference', () => {
    const every = { every: 3, mixup: 0.25 };
    const at = [1, 2, 3, 4, 5, 6].map((step) => synced({ step, ...every }));

    const [kept, mixed] = [
      [1, 10],
      [1.25, 12.5],
    ];
    expect(at).toEqual([kept, kept, mixed, kept, kept, mixed]);
  });

  test('by default every 512 steps by 0.6, as TRL', () => {
    expect(synced({ step: 511 })).toEqual([1, 10]);
    expectAllClose(synced({ step: 512 }), [1.6, 16]);
  });

  test.each(published.syncReference)('agrees with TRL: mixup $mixup', (expected) => {
    const reference = unpackedAll(expected.reference);
    const policy = unpackedAll(expected.policy);
    const after = syncReference(reference, policy, { step: 1, every: 1, mixup: expected.mixup });

    expect(Object.keys(after)).toEqual(Object.keys(expected.synced));
    for (const [name, values] of Object.entries(expected.synced)) {
      expectAllClose(after[name]!.dataSync(), values);
    }
  });

  test('a mixup of 1 copies every bit, one of 0 keeps every bit', () => {
    const [old, now] = [{ w: tf.tensor1d([1e8, 0.1]) }, { w: tf.tensor1d([0.1, -0.7]) }];
    const at = (mixup: number) => syncReference(old, now, { step: 1, every: 1, mixup }).w!;

    expect(at(1).dataSync()).toEqual(now.w.dataSync());
    expect(at(0).dataSync()).toEqual(old.w.dataSync());
  });

  test('every step by 1 − decay is an exponential moving average', () => {
    const decay = 0.9;
    let reference: Record<string, tf.Tensor> = { w: tf.scalar(0) };
    const policy = { w: tf.scalar(1) };
    for (let step = 1; step <= 20; step++) {
      reference = syncReference(reference, policy, { step, every: 1, mixup: 1 - decay });
    }

    expectAllClose(reference.w!.dataSync(), [1 - decay ** 20]);
  });

  test.each(['int32', 'float32'] as const)(
    'a %s step runs in a compiled program as it does eagerly',
    async (dtype) => {
      const program = await compile(
        ({ inputs, state }) => {
          const { w } = syncReference(
            { w: state.w! },
            { w: inputs.policy! },
            {
              step: inputs.step!,
              every: 2,
              mixup: 0.5,
            },
          );
          return { outputs: { seen: w! }, state: { w: w! } };
        },
        {
          inputs: { step: { shape: [], dtype }, policy: { shape: [2], dtype: 'float32' } },
          state: { w: { shape: [2], data: new Float32Array(2) } },
        },
      );
      const policy = Float32Array.of(1, 8);
      const seen: number[][] = [];
      for (let step = 1; step <= 4; step++) {
        const feed = dtype === 'int32' ? Int32Array.of(step) : Float32Array.of(step);
        const outputs = await program.run({ step: feed, policy });
        seen.push([...(outputs.seen as Float32Array)]);
      }
      await program.dispose();

      expect(seen).toEqual([
        [0, 0],
        [0.5, 4],
        [0.5, 4],
        [0.75, 6],
      ]);
      const eager = syncReference(
        { w: tf.zeros([2]) },
        { w: tf.tensor1d([1, 8]) },
        {
          step: tf.scalar(2, dtype),
          every: 2,
          mixup: 0.5,
        },
      );
      expect([...eager.w!.dataSync()]).toEqual([0.5, 4]);
    },
  );

  test('leaves only the new reference behind, due or not', () => {
    const [old, now] = [weights(1), weights(2)];

    expectTensors(1, () => syncReference(old, now, { step: 1, every: 2 }));
    expectTensors(1, () => syncReference(old, now, { step: 2, every: 2 }));
  });

  test.each([
    { options: { step: 0 }, message: 'step must be an integer of at least 1, got 0' },
    {
      options: { step: 1, every: 1.5 },
      message: 'every must be an integer of at least 1, got 1.5',
    },
    { options: { step: 1, mixup: 1.1 }, message: 'mixup must be between 0 and 1, got 1.1' },
  ])('rejects $options', ({ options, message }) => {
    expect(() => synced(options)).toThrow(new RangeError(message));
  });

  test('rejects a policy without a weight of the reference, or of another shape', () => {
    expect(() => syncReference(weights(1), {}, { step: 1 })).toThrow(
      new RangeError('policy must have the weight items of the reference'),
    );
    expect(() => syncReference(weights(1), { items: tf.zeros([2]) }, { step: 1 })).toThrow(
      new RangeError('policy.items must have shape [1,2], got [2]'),
    );
    expect(() => syncReference(weights(1), weights(2), { step: tf.zeros([1]) })).toThrow(
      new RangeError('step must have shape [], got [1]'),
    );
  });
});

test('noReference is zeros of the policy’s shapes, and as good as a constant reference', () => {
  const policy = lists(
    [1, 2],
    [
      [0, 3],
      [1, -1],
    ],
  );
  const none = noReference(policy);
  const constant = lists(
    [5, 5],
    [
      [5, 5],
      [5, 5],
    ],
  );

  expect(none.chosen.arraySync()).toEqual([0, 0]);
  expect(none.rejected.arraySync()).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expectAllClose(
    softmaxDpoLoss(policy, none, { beta: 1 }).dataSync(),
    softmaxDpoLoss(policy, constant, { beta: 1 }).dataSync(),
  );
});
