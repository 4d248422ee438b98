import { compile } from '@rodpo/compile';
import { expectAllClose } from '@rodpo/testing';
import { derivative, expectTensors } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, test } from 'vitest';

type Loss = (...points: tf.Tensor[]) => tf.Tensor;

interface Point {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  /** A reference's: no gradient is taken by it. */
  readonly isFrozen?: boolean;
}

/** What every loss promises: it runs compiled as it runs eagerly, and leaks nothing. */
export function describeLoss(name: string, loss: Loss, points: readonly Point[]): void {
  const total: Loss = (...tensors) => tf.sum(loss(...tensors));
  const tensors = () => points.map(({ shape, data }) => tf.tensor([...data], [...shape]));
  const free = [...points.keys()].filter((index) => !points[index]!.isFrozen);
  /** The total with the frozen points bound, and the others that it is a function of. */
  const bound = (all: readonly tf.Tensor[]): [Loss, tf.Tensor[]] => [
    (...moving) => total(...all.map((point, index) => moving[free.indexOf(index)] ?? point)),
    free.map((index) => all[index]!),
  ];

  describe(`${name} keeps the contract of losses`, () => {
    test('compiled, its value and gradients are those of eager tfjs', async () => {
      const specs = points.map(({ shape }, index) => [
        `point${index}`,
        { shape: [...shape], dtype: 'float32' as const },
      ]);
      const program = await compile(
        ({ inputs }) => {
          const [f, moving] = bound(points.map((_, index) => inputs[`point${index}`]!));
          const { value, grads } = tf.valueAndGrads(f)(moving);
          const named = grads.map((gradient, index) => [`gradient${index}`, gradient]);
          return { outputs: { value, ...Object.fromEntries(named) } };
        },
        { inputs: Object.fromEntries(specs) },
      );
      const feeds = points.map(({ data }, index) => [`point${index}`, Float32Array.from(data)]);
      const compiled = await program.run(Object.fromEntries(feeds));
      await program.dispose();

      tf.tidy(() => {
        const eager = derivative(...bound(tensors()));
        expectAllClose(compiled.value as Float32Array, [eager.value]);
        for (const [index, gradient] of eager.gradients.entries()) {
          expectAllClose(compiled[`gradient${index}`] as Float32Array, gradient);
        }
      });
    });

    test('leaves only its result behind', () => {
      tf.tidy(() => {
        const made = tensors();
        expectTensors(1, () => loss(...made));
        const [f, moving] = bound(made);
        expectTensors(1 + free.length, () => tf.valueAndGrads(f)(moving));
      });
    });
  });
}
