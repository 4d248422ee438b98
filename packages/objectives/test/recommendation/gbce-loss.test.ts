import { bceLoss, gbceLoss, gbcePrior } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { describe, expect, test } from 'vitest';
import { expectPublished, published } from '../golden/published.ts';
import { listPoints, lists } from '../lists.ts';
import { describeLoss } from '../loss-contract.ts';

describeLoss(
  'bceLoss',
  (chosen, rejected) => bceLoss({ chosen: chosen!, rejected: rejected! }),
  listPoints,
);
describeLoss(
  'gbceLoss',
  (chosen, rejected) =>
    gbceLoss({ chosen: chosen!, rejected: rejected! }, { samplingRate: 0.1, calibration: 0.5 }),
  listPoints,
);

describe('bceLoss', () => {
  test('is the mean over the chosen and the rejected items', () => {
    // Scores of log 3: −log ¾ for the chosen item, −log ¼ for each rejected one.
    const score = Math.log(3);
    const expected = (Math.log(4 / 3) + 2 * Math.log(4)) / 3;

    expectAllClose(bceLoss(lists([score], [[score, score]])).dataSync(), [expected]);
  });

  test.each(published.bce)('agrees with PyTorch (case %#)', (expected) => {
    expectPublished(expected, ({ chosen, rejected }) =>
      bceLoss({ chosen: chosen!, rejected: rejected! }),
    );
  });

  test.each([1e4, -1e4])('stays finite at a score of %d', (score) => {
    const losses = bceLoss(lists([score], [[score]]));

    expectAllClose(losses.dataSync(), [0.5e4]); // one of the two is certain and wrong
  });
});

describe('gbceLoss', () => {
  test.each(published.gbce)('agrees with the transformed logits: $options', (expected) => {
    expectPublished(expected, ({ chosen, rejected }, options) =>
      gbceLoss({ chosen: chosen!, rejected: rejected! }, options),
    );
  });

  test('without calibration it is bceLoss; with all of it the chosen item weighs α', () => {
    const scores = lists([0.5], [[-1, 2]]);
    const chosenAlone = lists([0.5], [[-1e4, -1e4]]); // rejected items that cost nothing

    expect(gbceLoss(scores, { samplingRate: 0.3, calibration: 0 }).dataSync()).toEqual(
      bceLoss(scores).dataSync(),
    );
    expectAllClose(gbceLoss(chosenAlone, { samplingRate: 0.25, calibration: 1 }).dataSync(), [
      bceLoss(chosenAlone).dataSync()[0]! / 4,
    ]);
  });

  test('calibrates by 0.75 unless told otherwise', () => {
    const scores = lists([0.5], [[-1, 2]]);

    expect(gbceLoss(scores, { samplingRate: 0.3 }).dataSync()).toEqual(
      gbceLoss(scores, { samplingRate: 0.3, calibration: 0.75 }).dataSync(),
    );
  });

  test.each([
    // β is 0.3, and the odds of one item 0.3 : 3.
    { count: 3, options: { samplingRate: 0.3, calibration: 1 }, odds: 0.1 },
    // Without calibration one chosen item stands against four others.
    { count: 4, options: { samplingRate: 0.01, calibration: 0 }, odds: 0.25 },
    // β = 0.75 · (0.2 − 1) + 1 = 0.4 by default.
    { count: 8, options: { samplingRate: 0.2 }, odds: 0.05 },
  ])('has a prior of log $odds, where equal scores cost least', ({ count, options, odds }) => {
    const prior = gbcePrior(count, options);
    const [at, above, below] = [0, 0.05, -0.05].map((shift) => {
      const score = prior + shift;
      return gbceLoss(lists([score], [Array(count).fill(score)]), options).dataSync()[0]!;
    });

    expect(prior).toBeCloseTo(Math.log(odds), 12);
    expect(at).toBeLessThan(above!);
    expect(at).toBeLessThan(below!);
  });

  test('has no prior for no items', () => {
    expect(() => gbcePrior(0, { samplingRate: 0.5 })).toThrow(RangeError);
  });

  test.each([1e4, -1e4])('stays finite at a score of %d', (score) => {
    // β = 0.75 · (0.2 − 1) + 1 = 0.4
    expectAllClose(gbceLoss(lists([score], [[score]]), { samplingRate: 0.2 }).dataSync(), [
      score > 0 ? 0.5e4 : 0.2e4,
    ]);
  });

  test.each([
    {
      options: { samplingRate: 0 },
      message: 'samplingRate must be a finite number above 0, got 0',
    },
    { options: { samplingRate: 1.5 }, message: 'samplingRate must be between 0 and 1, got 1.5' },
    {
      options: { samplingRate: 0.5, calibration: -0.1 },
      message: 'calibration must be between 0 and 1, got -0.1',
    },
    { options: { samplingRate: 0.5, calibration: Number.NaN }, message: 'got NaN' },
  ])('rejects $options', ({ options, message }) => {
    const loss = () => gbceLoss(lists([1], [[0]]), options);

    expect(loss).toThrow(RangeError);
    expect(loss).toThrow(message);
  });
});
