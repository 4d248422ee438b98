import '@rodpo/testing/tfjs';
import { type Hm4srSettings, hm4srCost, hm4srEncoder } from '@rodpo/encoder';
import { describe, expect, test } from 'vitest';
import { byGroup, countedFlops } from '../counted-flops.ts';
import { layOut, options } from '../model.ts';
import { makeFeatures, makeParameters, settings } from './model.ts';

const quiet = { balance: { loss: 'none', weight: 0 }, zLossWeight: 0 } as const;
const variants: [string, Hm4srSettings][] = [
  ['as published', settings],
  ['categories', { ...settings, losses: { categories: { count: 2 } } }],
  ['no losses', { ...settings, losses: { idContrast: null, placeholderContrast: null } }],
  ['without time', { ...settings, temporal: null }],
  ['ids alone', { ...settings, vectors: {} }],
  ['sparse alignment', { ...settings, alignment: { expertCount: 5, activeCount: 2, ...quiet } }],
  ['a block, narrow', { ...settings, blockCount: 1, feedForwardWidth: 3 }],
];

describe.each(variants)('%s', (_, variant) => {
  const cost = hm4srCost(variant, { length: 8 });
  const encoder = hm4srEncoder(variant);
  const arrays = Object.entries(encoder.initialize(() => 0));

  test('as many parameters as there are, idle those of experts beyond the active ones', () => {
    const sizeOf = (found: typeof arrays) =>
      found.reduce((all, [, { data }]) => all + data.length, 0);
    const aligning = arrays.filter(([name]) => /^alignment\..*\.experts\./.test(name));
    const { expertCount = 4, activeCount = expertCount } = variant.alignment ?? {};

    expect(cost.parameters).toBe(sizeOf(arrays));
    expect(cost.parameters - cost.activeParameters).toBe(
      sizeOf(aligning) * (1 - activeCount / expertCount),
    );
  });

  test('as many operations as are run', async () => {
    const parameters = makeParameters(encoder);
    const features = makeFeatures();
    const tokens = layOut([[[3, 7, 1, 12], [5, 5, 9]], [[19, 0]]]); // biome-ignore format: rows
    const counted = await countedFlops(() => {
      const items = encoder.itemVectors(parameters, features);
      return encoder.encode(parameters, items, tokens, { ...options, groupedLinear: byGroup })
        .vectors;
    });

    // 16 tokens, padding among them, and 20 items.
    expect(counted).toBe(16 * cost.flopsPerToken + 20 * cost.flopsPerItem);
  });
});

test('refuses what the encoder refuses, and rows of no tokens', () => {
  expect(() => hm4srCost({ ...settings, blockCount: 0 }, { length: 8 })).toThrow(RangeError);
  expect(() => hm4srCost(settings, { length: 0 })).toThrow(/length must be .*, got 0/);
});
