import '@rodpo/testing/tfjs';
import {
  everyGroup,
  type GroupedLinear,
  type Parameters,
  type TransformerSettings,
  transformerEncoder,
} from '@rodpo/encoder';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test, vi } from 'vitest';
import { filler, layOut } from './model.ts';
import { runVariant, shape } from './variants.ts';

const tokens = layOut([[[3, 7, 1, 12], [5, 5, 9]], [[2, 4, 6]]]); // biome-ignore format: rows
const experts = { expertCount: 4, activeCount: 2, width: 16 };
const late = { streams: { id: true, vectors: { text: 5 } }, fusion: 'late' } as const;
const targets = tf.zeros([16], 'int32');

/** Of a dense encoder, with each feed-forward layer as the only expert of a mixture. */
function asOnlyExpert(parameters: Parameters): Parameters {
  const moved = Object.entries(parameters).map(([name, value]): [string, tf.Tensor] => {
    const found = /^(.*feedForward)\.(up|down)(\..*)$/.exec(name);
    if (!found) return [name, value];
    return [`${found[1]}.experts.${found[2]}${found[3]}`, tf.expandDims(value, 0)];
  });
  const routers = Object.keys(parameters)
    .filter((name) => name.endsWith('feedForward.up.kernel'))
    .map((name) => [name.replace('up.kernel', 'router.kernel'), tf.ones([8, 1])]);
  return Object.fromEntries([...moved, ...routers]);
}

test.each<[string, Partial<TransformerSettings>]>([
  ['post-LN', {}],
  ['pre-LN', { norm: 'pre' }],
  ['late fusion', late],
])('one expert that all tokens use is the feed-forward layer: %s', (_, changes) => {
  const settings = { ...shape, ...changes };
  const only = { expertCount: 1, activeCount: 1, width: 32 };
  const dense = runVariant(settings);
  const sparse = runVariant({ ...settings, experts: only });
  const expected = dense.run(tokens).vectors.dataSync();
  const actual = sparse.run(tokens, {}, asOnlyExpert(dense.parameters)).vectors.dataSync();

  expectAllClose(actual, expected, { relative: 1e-5, absolute: 1e-5 });
});

describe('what the mixtures have to say', () => {
  const settings = { ...shape, ...late, experts: { ...experts, biasRate: 0.01 } };
  const { encoder, run } = runVariant(settings);
  const prefixes = ['id.block0', 'id.block1', 'text.block0', 'text.block1'];

  test('is named by tower and block', () => {
    const { statistics, updates } = run(tokens);

    for (const prefix of prefixes) {
      const load = [...statistics[`${prefix}.experts.load`]!.dataSync()];
      expect(load.length).toBe(4);
      expect(load.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5);
    }
    expect(Object.keys(updates)).toEqual(encoder.untrained);
    expect(encoder.untrained).toEqual(
      prefixes.map((prefix) => `${prefix}.feedForward.router.bias`),
    );
  });

  test('the untrained are parameters, and nothing else is but for a bias', () => {
    const arrays = encoder.initialize(() => 0);

    for (const name of encoder.untrained) expect(arrays[name]!.shape).toEqual([4]);
    expect(transformerEncoder({ ...shape, experts }).untrained).toEqual([]);
    expect(transformerEncoder(shape).untrained).toEqual([]);
  });

  test('losses of all blocks add up, by their weights', () => {
    const balance = { loss: 'switch', weight: 0.5 } as const;
    const weighted = runVariant({
      ...shape,
      ...late,
      experts: { ...experts, balance, zLossWeight: 0.25 },
    });
    const { statistics, auxiliaryLoss } = weighted.run(tokens);
    const value = (name: string) => statistics[name]!.dataSync()[0]!;
    const parts = prefixes.map(
      (prefix) =>
        0.5 * value(`${prefix}.experts.balanceLoss`) + 0.25 * value(`${prefix}.experts.zLoss`),
    );

    expect(new Set(parts).size).toBe(4);
    expectAllClose(auxiliaryLoss!.dataSync(), [parts.reduce((sum, part) => sum + part)], {
      relative: 1e-5,
    });
  });

  test('without experts, nothing', () => {
    const result = runVariant(shape).run(tokens);

    expect(result.statistics).toEqual({});
    expect(result.updates).toEqual({});
    expect('auxiliaryLoss' in result).toBe(false);
  });

  test('does not depend on what lies in padding', () => {
    const rows = [[[3, 7, 1, 12]], [2, [5, 5, 9]]]; // biome-ignore format: rows
    const [plain, filled] = [run(layOut(rows)), run(layOut(rows, filler))];

    for (const [name, figure] of Object.entries(plain.statistics)) {
      expectAllClose(filled.statistics[name]!.dataSync(), figure.dataSync(), { absolute: 1e-6 });
    }
    expectAllClose(filled.auxiliaryLoss!.dataSync(), plain.auxiliaryLoss!.dataSync(), {
      relative: 1e-5,
    });
    for (const [name, bias] of Object.entries(plain.updates)) {
      expect(filled.updates[name]!.dataSync()).toEqual(bias.dataSync());
    }
  });
});

test('the given groupedLinear runs both layers of every block', () => {
  const groupedLinear = vi.fn<GroupedLinear>(everyGroup);
  const { run } = runVariant({ ...shape, experts });
  const plain = run(tokens).vectors.dataSync();

  expect(run(tokens, { options: { groupedLinear } }).vectors.dataSync()).toEqual(plain);
  expect(groupedLinear).toHaveBeenCalledTimes(4);
});

test('noisy routing draws with targets only, that is in training', () => {
  const { run } = runVariant({ ...shape, experts: { ...experts, noisy: true } });
  const uniform = vi.fn((extents: readonly number[]) => tf.fill([...extents], 0.3));

  run(tokens, { options: { uniform } });
  expect(uniform).not.toHaveBeenCalled();
  run(tokens, { options: { uniform, targets } });
  expect(uniform).toHaveBeenCalled();
});
