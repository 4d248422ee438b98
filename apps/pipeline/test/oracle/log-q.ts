/** How likely each rejected item was, from what the draw is defined to be. */

import { type AlignStep, comparedVectors, type Drawn } from './align.ts';
import { learnedTargets, type Token, tokensOf } from './batch.ts';
import { poolOf, popularity } from './draw.ts';
import type { Plain } from './encode-sequence.ts';
import { weightedMean } from './losses.ts';
import { allScores } from './scores.ts';

/** The weight of each item in a draw for one token; what is not drawn has none. */
type Shares = (token: Token) => readonly number[];

function sharesOf(policy: Plain, step: AlignStep): Shares {
  const { batch, strategy } = step;
  const { negatives, exclude } = strategy;
  const excludedOf = ({ stretch, target }: Token) =>
    new Set(exclude === 'chosen' ? [target] : stretch.items);
  const all = Array.from({ length: batch.itemCount }, (_, item) => item);
  const allowed = (token: Token, weightOf: (item: number) => number) => {
    const excluded = excludedOf(token);
    return all.map((item) => (excluded.has(item) ? 0 : weightOf(item)));
  };
  switch (negatives.from) {
    case 'catalogue':
      return (token) => allowed(token, () => 1);
    case 'popularity': {
      const weights = popularity(step.counts, negatives.exponent);
      return (token) => allowed(token, (item) => weights[item]!);
    }
    case 'batch': {
      const chosen = learnedTargets(batch);
      return (token) => allowed(token, (item) => chosen.filter((one) => one === item).length);
    }
    case 'history':
      return ({ stretch, place, target }) => {
        const past = stretch.items.slice(0, place + 1).filter((item) => item !== target);
        return all.map((item) => past.filter((one) => one === item).length);
      };
    case 'pool': {
      const scoring = negatives.scoredBy === 'policy' ? policy : step.reference;
      const vectors = negatives.scoredBy === 'policy' ? comparedVectors(policy, step) : step.frozen;
      return (token) => {
        const scores = allScores(vectors.get(token.cell)!, scoring);
        const pool = poolOf(scores, excludedOf(token), negatives.size);
        return allowed(token, (item) => (pool.includes(item) ? 1 : 0));
      };
    }
  }
}

/** Mean logarithm over the learned tokens, each with the mean over its own negatives. */
export function logQ(policy: Plain, step: AlignStep, negatives: Drawn): number {
  const sharesAt = sharesOf(policy, step);
  const [logs, weights]: [number[], number[]] = [[], []];
  for (const token of tokensOf(step.batch)) {
    const rejected = negatives.get(token.cell);
    if (!rejected) continue;
    const shares = sharesAt(token);
    const total = shares.reduce((sum, share) => sum + share, 0);
    const own = rejected.map((item) => Math.log(shares[item]! / total));
    logs.push(own.reduce((sum, log) => sum + log, 0) / own.length);
    weights.push(token.weight);
  }
  return weightedMean(logs, weights);
}
