/** One step of alignment in plain loops: what is drawn, and what the step loses. */

import { type Batch, learnedTargets, type Token, tokensOf } from './batch.ts';
import {
  drawByWeight,
  drawFromBatch,
  drawFromCatalogue,
  drawFromHistory,
  drawFromPool,
  poolOf,
  popularity,
} from './draw.ts';
import { type DropoutOf, encodeBatch } from './encode-batch.ts';
import type { Plain, Sizes } from './encode-sequence.ts';
import { crossEntropy, dpo, margins, type Pair, softmaxDpo, weightedMean } from './losses.ts';
import { allScores, scoreOf } from './scores.ts';

interface Strategy {
  readonly loss: 'dpo' | 'softmax-dpo' | 'none' | 'pretrain';
  readonly beta: number;
  readonly crossEntropyWeight: number;
  readonly exclude: 'chosen' | 'history';
  readonly margin: 'policy-dropout' | 'no-dropout' | 'same-dropout' | 'centred';
  readonly count: number;
  readonly negatives:
    | { readonly from: 'catalogue' }
    | { readonly from: 'popularity'; readonly exponent: number }
    | { readonly from: 'batch' }
    | { readonly from: 'history' }
    | { readonly from: 'pool'; readonly size: number; readonly scoredBy: 'policy' | 'reference' };
}

export interface AlignStep {
  readonly sizes: Sizes;
  readonly batch: Batch;
  readonly strategy: Strategy;
  /** The frozen model, and its vector of each token by cell, read with dropout if that is shared. */
  readonly reference: Plain;
  readonly frozen: ReadonlyMap<number, Float64Array>;
  readonly dropoutOf?: DropoutOf;
  /** Uniform numbers of a token, one per negative, by its cell. */
  readonly uniformsOf: (cell: number) => readonly number[];
  /** How often each item stands in what is read of the training part. */
  readonly counts: readonly number[];
  /** What margins count from. */
  readonly centre?: number;
}

/** By cell; none where there was nothing to draw. */
export type Drawn = ReadonlyMap<number, readonly number[] | undefined>;

/** The policy's vectors as pools and pairs see them. */
export function comparedVectors(policy: Plain, { sizes, batch, strategy, dropoutOf }: AlignStep) {
  return encodeBatch(
    policy,
    sizes,
    batch,
    strategy.margin === 'no-dropout' ? undefined : dropoutOf,
  );
}

export function drawn(policy: Plain, step: AlignStep): Drawn {
  const { batch, strategy, reference, uniformsOf, counts } = step;
  const { negatives } = strategy;
  const tokens = tokensOf(batch);
  const excludedOf = ({ stretch, target }: Token) =>
    new Set(strategy.exclude === 'chosen' ? [target] : stretch.items);
  const draw = (token: Token, vector: Float64Array | undefined, weights: number[]) => {
    const [excluded, uniforms] = [excludedOf(token), uniformsOf(token.cell)];
    switch (negatives.from) {
      case 'catalogue':
        return drawFromCatalogue(batch.itemCount, excluded, uniforms);
      case 'popularity':
        return drawByWeight(weights, excluded, uniforms);
      case 'batch':
        // A token's own target never, whatever else is excluded.
        return drawFromBatch(learnedTargets(batch), excluded, uniforms);
      case 'history': {
        const past = token.stretch.items.slice(0, token.place + 1);
        return drawFromHistory(past, token.target, uniforms);
      }
      case 'pool': {
        const scoring = negatives.scoredBy === 'policy' ? policy : reference;
        const pool = poolOf(allScores(vector!, scoring), excluded, negatives.size);
        return drawFromPool(pool, uniforms);
      }
    }
  };
  const vectors =
    negatives.from !== 'pool'
      ? undefined
      : negatives.scoredBy === 'policy'
        ? comparedVectors(policy, step)
        : step.frozen;
  const weights = negatives.from === 'popularity' ? popularity(counts, negatives.exponent) : [];
  return new Map(
    tokens.map((token) => [token.cell, draw(token, vectors?.get(token.cell), weights)]),
  );
}

export interface AlignFigures {
  readonly loss: number;
  readonly preference?: number;
  readonly 'rewards/accuracies'?: number;
  readonly 'rewards/margins'?: number;
  readonly 'logps/chosen'?: number;
  readonly 'margins/centre'?: number;
}

/** Sums over the steps so far, each step's worth nine tenths of the next one's. */
export interface Running {
  readonly total: number;
  readonly weight: number;
}

/** The sums after a step; their quotient is what its margins count from. */
export function runningAfter(
  before: Running,
  policy: Plain,
  step: AlignStep,
  negatives: Drawn,
): Running {
  let [total, weight] = [0, 0];
  for (const { weight: own, margins: each } of pairsOf(policy, step, negatives)) {
    for (const margin of each) {
      total += own * margin;
      weight += own;
    }
  }
  return {
    total: 0.9 * before.total + 0.1 * total,
    weight: 0.9 * before.weight + 0.1 * weight,
  };
}

/** What the step loses with these negatives. */
export function alignFigures(policy: Plain, step: AlignStep, negatives?: Drawn): AlignFigures {
  const { sizes, batch, strategy } = step;
  const vectors = encodeBatch(policy, sizes, batch, step.dropoutOf);
  const tokens = tokensOf(batch);
  const ownWeights = tokens.map(({ weight }) => weight);
  const preference = negatives && preferenceFigures(policy, step, negatives);
  const entropy =
    strategy.crossEntropyWeight > 0
      ? weightedMean(
          tokens.map(({ cell, target }) =>
            crossEntropy(allScores(vectors.get(cell)!, policy), target),
          ),
          ownWeights,
        )
      : undefined;
  return {
    loss: (preference?.preference ?? 0) + strategy.crossEntropyWeight * (entropy ?? 0),
    ...preference,
    ...(entropy === undefined ? {} : { 'logps/chosen': -entropy }),
  };
}

/** Scores of each token that has a negative, under both models. */
function pairsOf(policy: Plain, step: AlignStep, negatives: Drawn) {
  const { batch, reference, frozen } = step;
  const vectors = comparedVectors(policy, step);
  return tokensOf(batch).flatMap(({ cell, target, weight }) => {
    const rejected = negatives.get(cell);
    if (!rejected) return [];
    const pair = (vector: Float64Array, { items }: Plain): Pair => ({
      chosen: scoreOf(vector, items!, target),
      rejected: rejected.map((item) => scoreOf(vector, items!, item)),
    });
    const [own, other] = [pair(vectors.get(cell)!, policy), pair(frozen.get(cell)!, reference)];
    return [{ own, other, weight, margins: margins(own, other) }];
  });
}

function preferenceFigures(policy: Plain, step: AlignStep, negatives: Drawn) {
  const { strategy, centre } = step;
  const { beta } = strategy;
  const [losses, lossWeights]: [number[], number[]] = [[], []];
  const [gains, gainWeights]: [number[], number[]] = [[], []];
  for (const { own, other: uncentred, weight } of pairsOf(policy, step, negatives)) {
    const other = { ...uncentred, chosen: uncentred.chosen + (centre ?? 0) };
    losses.push(strategy.loss === 'dpo' ? dpo(own, other, beta) : softmaxDpo(own, other, beta));
    lossWeights.push(weight);
    for (const margin of margins(own, other)) {
      gains.push(beta * margin);
      gainWeights.push(weight);
    }
  }
  const wins = gains.map((gain) => (gain > 0 ? 1 : 0));
  return {
    preference: weightedMean(losses, lossWeights),
    'rewards/accuracies': weightedMean(wins, gainWeights),
    'rewards/margins': weightedMean(gains, gainWeights),
    ...(centre === undefined ? {} : { 'margins/centre': beta * centre }),
  };
}
