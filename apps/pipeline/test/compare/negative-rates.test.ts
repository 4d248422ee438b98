import { expect, test } from 'vitest';
import { negativeRates } from '../../src/compare/negative-rates.ts';

const epoch = (figures: object) => ({ stage: 'align-x', epoch: 1, ...figures });

test('means over the epochs', () => {
  const epochs = [
    epoch({ falseNegativeRate: 0.2, heldOutRate: 0.1, historyRate: 0 }),
    epoch({ falseNegativeRate: 0.4, heldOutRate: 0.2, historyRate: 0.02 }),
  ];

  expect(negativeRates(epochs)).toEqual({
    falseNegativeRate: expect.closeTo(0.3, 12),
    heldOutRate: expect.closeTo(0.15, 12),
    historyRate: 0.01,
  });
});

test('what only a simulation knows is null where it is unknown', () => {
  const epochs = [epoch({ falseNegativeRate: null, heldOutRate: 0.1, historyRate: 0 })];

  expect(negativeRates(epochs)).toEqual({
    falseNegativeRate: null,
    heldOutRate: 0.1,
    historyRate: 0,
  });
});

test('one epoch of which it is unknown makes the mean unknown', () => {
  const known = epoch({ falseNegativeRate: 0.2, heldOutRate: 0.1, historyRate: 0 });

  expect(negativeRates([known, { ...known, falseNegativeRate: null }])).toMatchObject({
    falseNegativeRate: null,
  });
});

test('nothing where no negatives are drawn', () => {
  expect(negativeRates([epoch({ loss: 1 })])).toBeUndefined();
});
