import '@rodpo/testing/tfjs';
import { gumbelNoise, type StepFunction } from '@rodpo/compile';
import { dropoutMask } from '@rodpo/ops';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { engines } from './engines.ts';

const count = 2 ** 16;

describe.each(engines)('%s', (_, make) => {
  const draw = async (step: StepFunction) => {
    const program = await make(step, { inputs: {} });
    const outputs = await program.run({}, { seed: 5 });
    await program.dispose();
    return outputs as Record<string, Float32Array>;
  };

  test('Gumbel noise has the mean and the variance of its distribution', async () => {
    const { noise } = await draw(({ uniform }) => ({
      outputs: { noise: gumbelNoise([count], uniform) },
    }));
    const mean = noise!.reduce((sum, value) => sum + value, 0) / count;
    const variance = noise!.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;

    // The Euler-Mascheroni constant and π²/6, within 4 standard errors of 65,536 draws.
    expect(Math.abs(mean - 0.577216)).toBeLessThan(4 * 0.005);
    expect(Math.abs(variance - Math.PI ** 2 / 6)).toBeLessThan(4 * 0.0135);
    expect(noise!.every(Number.isFinite)).toBe(true);
  });

  test('the largest of logits and noise is a draw from their softmax', async () => {
    const shares = [0.5, 0.3, 0.15, 0.05];
    const { drawn } = await draw(({ uniform }) => {
      const noisy = tf.add(tf.log(tf.tensor1d(shares)), gumbelNoise([count, 4], uniform));
      const hot = tf.oneHot(tf.argMax(noisy, 1) as tf.Tensor1D, 4, 1, 0, 'float32');
      return { outputs: { drawn: tf.mean(hot, 0) } };
    });

    expectAllClose(drawn!, shares, { relative: 0, absolute: 4 * Math.sqrt(0.25 / count) });
  });

  test('a dropout mask drops its share, and keeps the mean', async () => {
    const { mask } = await draw(({ uniform }) => ({
      outputs: { mask: dropoutMask([count], 0.2, uniform) },
    }));

    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1.25)]));
    const mean = mask!.reduce((sum, value) => sum + value, 0) / count;
    expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(0.25 / count));
  });

  test('a draw is a constant to gradients', async () => {
    const { dx } = await draw(({ uniform }) => {
      const mask = dropoutMask([8], 0.5, uniform);
      const loss = (x: tf.Tensor) => tf.sum(tf.mul(tf.add(x, gumbelNoise([8], uniform)), mask));
      return { outputs: { dx: tf.sub(tf.grad(loss)(tf.ones([8])), mask) } };
    });

    expect(dx).toEqual(new Float32Array(8));
  });
});
