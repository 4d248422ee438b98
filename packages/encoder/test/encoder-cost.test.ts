import '@rodpo/testing/tfjs';
import { encoderCost, type TransformerSettings, transformerEncoder } from '@rodpo/encoder';
import { describe, expect, test } from 'vitest';
import { byGroup, countedFlops } from './counted-flops.ts';
import { layOut } from './model.ts';
import { runVariant, shape, variants } from './variants.ts';

const more: (readonly [string, TransformerSettings])[] = [
  ['a narrow feed-forward layer', { ...shape, feedForwardWidth: 3 }],
  [
    'noisy experts with everything',
    {
      ...shape,
      experts: {
        ...{ expertCount: 5, activeCount: 2, width: 7, sharedWidth: 3 },
        ...{ noisy: true, biasRate: 0.001 },
      },
    },
  ],
  [
    'one modality, late: no tower of its own',
    { ...shape, streams: { id: false, vectors: { text: 5 } }, fusion: 'late' },
  ],
  [
    'one modality, gated: no gate',
    { ...shape, streams: { id: false, vectors: { text: 5 } }, fusion: 'gated' },
  ],
  ['intervals by default', { ...shape, positions: 'intervals' }],
];

describe.each([...variants, ...more])('%s', (_, settings) => {
  const cost = encoderCost(settings, { length: 8 });

  test('as many parameters as there are', () => {
    const arrays = Object.values(transformerEncoder(settings).initialize(() => 0));

    expect(cost.parameters).toBe(arrays.reduce((sum, { data }) => sum + data.length, 0));
  });

  test('idle are experts beyond the active ones, and nothing else', () => {
    const arrays = Object.entries(transformerEncoder(settings).initialize(() => 0));
    const ofExperts = arrays
      .filter(([name]) => /\.experts\.(up|down)\./.test(name))
      .reduce((sum, [, { data }]) => sum + data.length, 0);
    const { expertCount, activeCount } = settings.experts ?? { expertCount: 1, activeCount: 1 };

    expect(cost.parameters - cost.activeParameters).toBe(
      ofExperts * (1 - activeCount / expertCount),
    );
  });

  test('as many operations as are run', async () => {
    const { experts } = settings;
    const quiet = { balance: { loss: 'none', weight: 0 }, zLossWeight: 0 } as const;
    const { run } = runVariant({ ...settings, experts: experts ? { ...experts, ...quiet } : null });
    const tokens = layOut([[[3, 7, 1, 12], [5, 5, 9]], [[2, 4, 6, 8, 10, 12, 14, 16]]]); // biome-ignore format: rows
    const counted = await countedFlops(
      () => run(tokens, { options: { groupedLinear: byGroup } }).vectors,
    );

    // 16 tokens, and the 20 items that they begin from.
    expect(counted).toBe(16 * cost.flopsPerToken + 20 * cost.flopsPerItem);
  });
});

describe('by hand', () => {
  const settings = { itemCount: 12_101, maxLength: 50, dimension: 64, blockCount: 2, headCount: 2 };

  test('SASRec of 64 dimensions on Amazon Beauty', () => {
    // Tables: (12,101 + 50) · 64 = 777,664; first norm: 128. A block: projection 64 · 192 + 192 =
    // 12,480, output 64 · 64 + 64 = 4160, feed-forward 64 · 256 + 256 + 256 · 64 + 64 = 33,088, two
    // norms 256: 49,984. Twice: 99,968.
    const parameters = 777_664 + 128 + 99_968;
    // A block and token: 2 · 64 · 192 = 24,576; 2 · 2 · 50 · 64 = 12,800 for attention; 2 · 64 · 64 =
    // 8192; 2 · 2 · 64 · 256 = 65,536: 111,104.
    expect(encoderCost(settings, { length: 50 })).toEqual({
      parameters,
      activeParameters: parameters,
      flopsPerToken: 2 * 111_104,
      flopsPerItem: 0,
    });
  });

  test('eight experts, two of them active, over ids and texts, late', () => {
    const experts = { expertCount: 8, activeCount: 2, width: 128 };
    const streams = { id: true, vectors: { text: 384 } };
    const cost = encoderCost({ ...settings, experts, streams, fusion: 'late' }, { length: 50 });
    // An expert: 64 · 128 + 128 + 128 · 64 + 64 = 16,576; the router: 512. A block: 12,480 + 4160 +
    // 256 + 512 + 8 · 16,576 = 150,016. A tower: 2 · 150,016 + 128 = 300,160. The projection:
    // 384 · 64 + 64 + 64 for what is missing = 24,704.
    const parameters = 777_664 + 24_704 + 2 * 300_160;
    // A block and token: 24,576 + 12,800 + 8192 + 2 · 64 · 8 for the router + 2 · (2 · 2 · 64 · 128)
    // = 112,128, in two blocks of two towers.
    expect(cost).toEqual({
      parameters,
      activeParameters: parameters - 4 * 6 * 16_576,
      flopsPerToken: 4 * 112_128,
      flopsPerItem: 2 * 384 * 64,
    });
  });
});

test.each([0, 1.5, Number.NaN])('refuses rows of %d tokens', (length) => {
  expect(() => encoderCost(shape, { length })).toThrow(
    new RangeError(`length must be a positive integer, got ${length}`),
  );
});

test('refuses settings that the encoder refuses', () => {
  expect(() => encoderCost({ ...shape, blockCount: 0 }, { length: 8 })).toThrow(RangeError);
});
