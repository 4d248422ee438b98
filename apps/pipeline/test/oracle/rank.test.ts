import type { Weights } from '@rodpo/recipe';
import { expect, test } from 'vitest';
import { fixedScores } from '../fixed-scores.ts';
import { tierOf } from '../tier.ts';
import { plain, type SmallRun, sharpWeights, smallRun } from './case.ts';
import { rankOf } from './rank.ts';
import { casesOf } from './sequences.ts';

async function expectRanks(small: SmallRun, weights: Weights, maskHistory: boolean) {
  const { run, dataset, workspace, sizes } = small;
  const ranker = await workspace.evaluation(weights);
  const options = { sizes, maxLength: run.config.encoder.maxLength, maskHistory };
  const found: number[] = [];
  for (const [part, held] of [['validation', 2] as const, ['test', 1] as const]) {
    const cases = casesOf([...dataset.sequences], held);
    const expected = cases.map((one) => rankOf(plain(weights), one, options));
    expect([...(await ranker[part].ranks(weights))]).toEqual(expected);
    // One reading gives both ways, whichever of them selects.
    const both = await ranker[part].bothRanks(weights);
    for (const [way, isMasked] of [
      ['all', false],
      ['masked', true],
    ] as const) {
      const own = cases.map((one) =>
        rankOf(plain(weights), one, { ...options, maskHistory: isMasked }),
      );
      expect([...both[way]]).toEqual(own);
    }
    found.push(...expected);
  }
  await workspace.dispose();
  return found;
}

const kinds = [
  ['onnxruntime', false],
  ['onnxruntime', true],
  ['tfjs', false],
  ['tfjs', true],
] as const;
test.each(tierOf(kinds, ([kind]) => kind === 'onnxruntime'))(
  '%s, history masked: %s: every rank is the oracle’s',
  async (kind, maskHistory) => {
    const small = await smallRun(kind, { evaluate: { maskHistory } });
    const weights = sharpWeights(small.workspace, 3);
    const ranks = await expectRanks(small, weights, maskHistory);

    expect(new Set(ranks).size).toBeGreaterThan(5);
  },
);

test.each([false, true])(
  'ties count against the target, history masked: %s',
  async (maskHistory) => {
    const small = await smallRun('onnxruntime', { evaluate: { maskHistory } });
    const like = small.workspace.encoder.initialize(() => 0);
    // Three scores for all items: whoever the target is, many share its score.
    const scores = small.dataset.itemIds.map((_, item) => item % 3);
    await expectRanks(small, fixedScores(like, small.sizes.blockCount, scores), maskHistory);
  },
);
