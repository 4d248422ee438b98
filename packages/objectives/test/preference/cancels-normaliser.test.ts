import {
  cancelsNormaliser,
  type Divergence,
  dpoLoss,
  type PreferenceLoss,
  preferenceLosses,
} from '@rodpo/objectives';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { divergences } from './losses.ts';

const takesDivergence = ['sigmoid', 'hinge', 'ipo', 'exo_pair', 'robust', 'discopop', 'sft'];
const combinations = preferenceLosses.flatMap((loss) =>
  (takesDivergence.includes(loss) ? divergences : divergences.slice(0, 1)).map((divergence) => ({
    loss,
    divergence,
    label: `${loss} under ${JSON.stringify(divergence)}`,
  })),
);

const row = (values: number[]) => tf.tensor1d(values);

/** The loss after each context's scores were shifted, as a normaliser would shift them. */
function shiftedBy(loss: PreferenceLoss, divergence: Divergence, ours: number[], theirs: number[]) {
  const shifted = (scores: tf.Tensor, shift: number[]) => tf.add(scores, row(shift));
  const smoothed = ['exo_pair', 'robust', 'aot', 'aot_unpaired'].includes(loss);
  return tf.tidy(
    () =>
      dpoLoss(
        {
          chosen: shifted(row([0.5, -1, 2]), ours),
          rejected: shifted(row([1, 0.5, -0.75]), ours),
        },
        {
          chosen: shifted(row([0.25, 0.5, 1]), theirs),
          rejected: shifted(row([-0.25, 1.5, 0.5]), theirs),
        },
        {
          loss,
          beta: 0.5,
          divergence,
          inputs: 'log-probabilities', // as a claim: to see what comes out if it is wrong
          ...(smoothed && { labelSmoothing: 0.1 }),
        },
      ).dataSync()[0]!,
  );
}

describe('cancelsNormaliser', () => {
  // Numbers of few bits: shifts are exact, so what cancels does so in every digit.
  const shifts: [number[], number[]][] = [
    [
      [4, -2, 1],
      [0, 0, 0],
    ],
    [
      [0, 0, 0],
      [-1, 3, 2],
    ],
    [
      [4, -2, 1],
      [-1, 3, 2],
    ],
  ];

  test.each(combinations)('says whether $label sees a shift', ({ loss, divergence }) => {
    const still = shiftedBy(loss, divergence, [0, 0, 0], [0, 0, 0]);
    const moved = shifts.map(([ours, theirs]) => shiftedBy(loss, divergence, ours, theirs));

    const unmoved = moved.every((value) => value === still);
    expect(cancelsNormaliser(loss, divergence)).toBe(unmoved);
    // What does not cancel is wrong by far, not by a rounding.
    if (!unmoved) expect(Math.max(...moved.map((v) => Math.abs(v - still)))).toBeGreaterThan(0.01);
  });

  test('is by default about reverse KL, which α of 1 is', () => {
    expect(preferenceLosses.filter((loss) => cancelsNormaliser(loss))).toEqual([
      'sigmoid',
      'hinge',
      'ipo',
      'exo_pair',
      'robust',
      'aot',
      'discopop',
    ]);
    expect(cancelsNormaliser('sigmoid', { alpha: 1 })).toBe(true);
  });

  test.each(combinations)('dpoLoss takes scores of $label only if so', ({ loss, divergence }) => {
    const scores = { chosen: row([1]), rejected: row([0]) };
    const ofScores = () =>
      dpoLoss(scores, scores, {
        loss,
        beta: 1,
        divergence,
        ...(loss === 'exo_pair' && { labelSmoothing: 0.1 }),
      });

    if (cancelsNormaliser(loss, divergence)) expect(ofScores).not.toThrow();
    else expect(ofScores).toThrow(/needs log-probabilities: .* Subtract the log-normaliser/);
  });

  test('refuses unknown names', () => {
    expect(() => cancelsNormaliser('toString' as PreferenceLoss)).toThrow(
      new RangeError(`loss must be one of ${preferenceLosses.join(', ')}, got toString`),
    );
  });
});
