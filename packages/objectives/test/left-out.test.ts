import * as objectives from '@rodpo/objectives';
import { dpoLoss, type ListScores, type PairScores, weightedMean } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { derivative } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import {
  byThemselves,
  firstOf,
  listOf,
  masked,
  ofChosen,
  ofLists,
  ofPairs,
  ofRanks,
  others,
  pairLossNames,
  rowOf,
  rowsOf,
  type Scores,
  values,
} from './left-out.ts';

type Loss<Given> = (policy: Given, reference: Given) => tf.Tensor;

const no = Number.NEGATIVE_INFINITY;
const { policy, reference } = values;

test('every loss has its entry: one that is new needs one', () => {
  const named = [ofPairs, ofRanks, ofChosen, ofLists].flatMap(Object.keys);
  const functions = Object.entries(objectives).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : [],
  );

  expect([...new Set([...named.map((name) => name.split(/[ ,]/)[0]!), ...byThemselves, ...others])].sort()).toEqual(functions.sort()); // biome-ignore format: one list
});

/** A loss per row and the gradients of its sum by all scores, flat. */
function evaluate<Given extends ListScores>(loss: Loss<Given>, ours: Given, theirs: Given) {
  const points = [ours.chosen, ours.rejected, theirs.chosen, theirs.rejected];
  // A bit of every score, so that each has a gradient to tell.
  const each = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, d: tf.Tensor) =>
    loss({ chosen: a, rejected: b } as Given, { chosen: c, rejected: d } as Given);
  const touched = (...all: tf.Tensor[]) =>
    tf.addN([
      tf.sum(each(...(all as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]))),
      ...all.map((point) =>
        tf.mul(0, tf.sum(tf.where(tf.zerosLike(point).asType('bool'), point, 0))),
      ),
    ]);
  const { gradients } = derivative(touched, points);
  const losses = [...each(points[0]!, points[1]!, points[2]!, points[3]!).dataSync()];
  return { losses, gradients: gradients.map((gradient) => [...gradient]) };
}

describe.each(['policy', 'reference', 'both'])('−Infinity in %s', (where) => {
  const ours = where === 'reference' ? policy : masked(policy);
  const theirs = where === 'policy' ? reference : masked(reference);
  const reads = (name: string) => /Dpo|dmpo|dynamic|logQ/.test(name) || where !== 'reference';

  test.each(Object.entries(ofLists).filter(([name]) => reads(name)))(
    'leaves negatives out of %s, in value and gradient',
    (name, loss) => {
      const got = evaluate(loss, listOf(ours), listOf(theirs));
      for (const row of [0, 1, 2]) {
        const smaller = evaluate(loss, listOf(rowOf(policy, row)), listOf(rowOf(reference, row)));
        const kept = rowOf(masked(policy), row).rejected[0]!.length;
        const columns = masked(policy).rejected[row]!.flatMap((s, at) => (s === no ? [] : [at]));
        expect(kept).toBe(columns.length);
        expectAllClose([got.losses[row]!], smaller.losses);
        for (const side of [0, 2]) {
          expectAllClose([got.gradients[side]![row]!], smaller.gradients[side]!);
          const expected = new Array(5).fill(0);
          for (const [at, column] of columns.entries()) expected[column] = smaller.gradients[side + 1]![at]!; // biome-ignore format: one statement
          expectAllClose(got.gradients[side + 1]!.slice(5 * row, 5 * row + 5), expected);
        }
      }
      // Nothing left: 0; of binary cross-entropy −β log σ of the chosen item, whose score is 0.1.
      const weight = { bceLoss: 1, gbceLoss: 0.75 * (0.2 - 1) + 1 }[name] ?? 0;
      expectAllClose([got.losses[3]!], [weight * Math.log1p(Math.exp(-0.1))]);
      expectAllClose([got.gradients[0]![3]!], [-weight / (1 + Math.exp(0.1))]);
      for (const gradient of [got.gradients[1]!, got.gradients[3]!]) {
        expect(gradient.slice(15).map(Math.abs)).toEqual([0, 0, 0, 0, 0]);
      }
    },
  );

  const pairs = (scores: Scores) => firstOf(scores); // rows 2 and 3 are left out
  const readsPair = (name: string) => !/simpo|cpo/.test(name) || where !== 'reference';

  test.each(Object.entries(ofPairs).filter(([name]) => readsPair(name)))(
    'leaves pairs out of %s, in value and gradient',
    (_, loss) => {
      const got = evaluate(loss, pairs(ours), pairs(theirs));
      const smaller = evaluate(loss, take(pairs(policy), [0, 1]), take(pairs(reference), [0, 1]));
      expectAllClose(got.losses, [...smaller.losses, 0, 0]);
      for (const [index, gradient] of got.gradients.entries()) {
        expectAllClose(gradient, [...smaller.gradients[index]!, 0, 0]);
      }
    },
  );

  test.each(Object.entries(ofRanks))('leaves pairs out of the ranks of %s', (_, loss) => {
    // Pair 0 is left out, so that it is not by chance that the rest comes first.
    const first = (scores: PairScores) => take(scores, [2, 0, 1]);
    const got = evaluate(loss, first(pairs(ours)), first(pairs(theirs)));
    const smaller = evaluate(loss, take(pairs(policy), [0, 1]), take(pairs(reference), [0, 1]));
    expectAllClose(got.losses, [...smaller.losses, 0]);
    for (const [index, gradient] of got.gradients.entries()) {
      expectAllClose(gradient, [0, ...smaller.gradients[index]!]);
    }
  });
});

const take = ({ chosen, rejected }: ListScores, rows: readonly number[]): PairScores => ({
  chosen: rowsOf(chosen, rows),
  rejected: rowsOf(rejected, rows),
});

/** What may stand in a row that does not count. */
const anything = [Number.NaN, Number.POSITIVE_INFINITY, no];
const rest = [0, 2, 3];
const weights = [0.5, 0, 2, 1];

/** Scores with `value` in row 1, in the chosen or in all rejected places. */
function spoilt({ chosen, rejected }: Scores, value: number, places: string): Scores {
  return {
    chosen: places === 'rejected' ? chosen : chosen.map((s, row) => (row === 1 ? value : s)),
    rejected:
      places === 'chosen'
        ? rejected
        : rejected.map((s, row) => (row === 1 ? s.map(() => value) : s)),
  };
}

const meanLosses = (losses: Readonly<Record<string, Loss<ListScores>>>) =>
  Object.entries(losses).map(([name, loss]): [string, (w: tf.Tensor) => Loss<ListScores>] => [
    name,
    (w) => (ours, theirs) => weightedMean(loss(ours, theirs), w),
  ]);
const ofDpo = pairLossNames.map((loss): [string, (w: tf.Tensor) => Loss<ListScores>] => [
  `dpoLoss, ${loss}`,
  (w) => (ours, theirs) =>
    dpoLoss(ours, theirs, {
      beta: 0.7,
      loss,
      weights: w,
      importance: tf.div(1, w), // infinite where the weight is 0
      inputs: 'log-probabilities',
      ...(/exo/.test(loss) ? { labelSmoothing: 0.1 } : {}),
    }),
]);
const weighted = [
  ...meanLosses(ofLists).map((entry) => [...entry, listOf] as const),
  ...meanLosses({ ...ofPairs, ...ofChosen } as never).map((entry) => [...entry, firstOf] as const),
  ...ofDpo.map((entry) => [...entry, firstOf] as const),
];

describe.each(weighted)('a weight of 0 leaves a row out of the mean of %s', (_, loss, scoresOf) => {
  const w = tf.tensor1d(weights);
  const without = evaluate(
    loss(rowsOf(w, rest)),
    takeList(scoresOf(policy), rest),
    takeList(scoresOf(reference), rest),
  );

  test.each(['chosen', 'rejected', 'both'])('whatever stands in %s', (places) => {
    for (const value of anything) {
      for (const side of ['policy', 'reference', 'both']) {
        const ours = side === 'reference' ? policy : spoilt(policy, value, places);
        const theirs = side === 'policy' ? reference : spoilt(reference, value, places);
        const got = evaluate(loss(w), scoresOf(ours), scoresOf(theirs));
        expectAllClose(got.losses, without.losses);
        for (const [index, gradient] of got.gradients.entries()) {
          const width = gradient.length / 4;
          const [first, second] = [gradient.slice(0, width), gradient.slice(width, 2 * width)];
          expect(second.map(Math.abs)).toEqual(new Array(width).fill(0));
          expectAllClose([...first, ...gradient.slice(2 * width)], without.gradients[index]!);
        }
      }
    }
  });
});

function takeList({ chosen, rejected }: ListScores, rows: readonly number[]): ListScores {
  return { chosen: rowsOf(chosen, rows), rejected: rowsOf(rejected, rows) };
}

test.each([...Object.entries(ofLists), ...Object.entries(ofPairs)])(
  'what is not a number shows in %s, where its weight is not 0',
  (name, loss) => {
    const scoresOf = name in ofLists ? listOf : firstOf;
    const [row] = [scoresOf(spoilt(policy, Number.NaN, 'both'))];

    expect(evaluate(loss as Loss<ListScores>, row, scoresOf(reference)).losses[1]).toBeNaN();
  },
);
