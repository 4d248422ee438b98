import type { Weights } from '@rodpo/recipe';
import { expect, test } from 'vitest';
import { tierOf } from '../tier.ts';
import { epochEnds } from '../watched-engine.ts';
import { alignFigures, type Drawn, drawn } from './align.ts';
import { type Aligned, aligned, batchesOf, oracleStep, type Settings } from './aligned.ts';
import { tokensOf } from './batch.ts';
import { plain, type SmallRun } from './case.ts';
import { weightsIn } from './expect-update.ts';
import { logQ } from './log-q.ts';
import { mrr, ndcg, rankOf } from './rank.ts';
import { casesOf } from './sequences.ts';

/** Shares of the negatives of learned tokens that were wrong. */
function rates({ dataset }: SmallRun, batch: Parameters<typeof tokensOf>[0], negatives: Drawn) {
  let [count, liked, later, known] = [0, 0, 0, 0];
  for (const { cell, stretch, weight } of tokensOf(batch)) {
    if (weight === 0) continue;
    const all = [...dataset.sequences.at(stretch.user)!];
    const [before, after] = all.length < 3 ? [all, []] : [all.slice(0, -2), all.slice(-2)];
    for (const item of negatives.get(cell)!) {
      count++;
      if (before.includes(item)) known++;
      else if (dataset.tastes!.likes(stretch.user, item)) liked++;
      if (after.includes(item)) later++;
    }
  }
  return {
    falseNegativeRate: liked / count,
    heldOutRate: later / count,
    historyRate: known / count,
  };
}

/** Means over an epoch's learned tokens, under the weights that each step began with. */
async function epochFigures(result: Aligned, epoch: number): Promise<Record<string, number>> {
  const { small, steps } = result;
  const first = epoch === 1 ? 0 : batchesOf(result, 1).length;
  const sums: Record<string, number> = {};
  let tokens = 0;
  for (const [index, seeded] of batchesOf(result, epoch).entries()) {
    const weights = plain(weightsIn(steps[first + index]!.before) as Weights);
    const step = await oracleStep(result, seeded);
    const negatives = drawn(weights, step);
    const figures = {
      ...alignFigures(weights, step, negatives),
      'logq/rejected': logQ(weights, step, negatives),
      ...rates(small, seeded.batch, negatives),
    };
    const learned = tokensOf(seeded.batch).filter(({ weight }) => weight > 0).length;
    for (const [name, value] of Object.entries(figures)) {
      sums[name] = (sums[name] ?? 0) + value * learned;
    }
    tokens += learned;
  }
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / tokens]));
}

const pool = { from: 'pool', size: 6 };
const strategies: readonly Settings[] = [
  { name: 'one', negatives: pool, exclude: 'chosen' },
  { name: 'last', negatives: { from: 'catalogue' }, positions: 'last' },
  { name: 'several', loss: 'softmax-dpo', count: 3, negatives: pool, exclude: 'chosen' },
];
test.each(tierOf(strategies, ({ name }) => name !== 'one'))(
  '$name: what is logged of an epoch is the oracle’s, validation and all',
  async (own) => {
    const result = await aligned('onnxruntime', own);
    const { small, steps, kept } = result;
    const { maxLength } = small.run.config.encoder;
    const options = { sizes: small.sizes, maxLength, maskHistory: false };
    const entries = await small.run.logged(`align-${own.name}`);
    const ends = epochEnds(steps).map(({ after }) => weightsIn(after) as Weights);
    const validation: number[] = [];

    expect(entries.map(({ epoch }) => epoch)).toEqual([1, 2]);
    for (const [index, entry] of entries.entries()) {
      for (const [name, value] of Object.entries(await epochFigures(result, index + 1))) {
        expect(Math.abs(Number(entry[name]) - value), name).toBeLessThan(2e-5);
      }
      const cases = casesOf([...small.dataset.sequences], 2);
      const ranks = cases.map((one) => rankOf(plain(ends[index]!), one, options));
      for (const cutoff of [5, 10]) {
        expect(entry[`validation ndcg@${cutoff}`]).toBeCloseTo(ndcg(ranks, cutoff), 12);
        expect(entry[`validation mrr@${cutoff}`]).toBeCloseTo(mrr(ranks, cutoff), 12);
      }
      validation.push(ndcg(ranks, 10));
    }
    expect(kept).toEqual(ends[validation[1]! > validation[0]! ? 1 : 0]);
  },
);
