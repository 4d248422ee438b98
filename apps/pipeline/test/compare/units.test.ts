import { expect, test } from 'vitest';
import { comparisonSettings } from '../../src/compare/settings.ts';
import { describeUnit, strategiesOf, trialUnits, unitsOf } from '../../src/compare/units.ts';

function settings(changes: object = {}) {
  return comparisonSettings.parse({
    seeds: [1, 2],
    encoders: [{ name: 'dense' }, { name: 'experts' }],
    strategies: [
      { name: 'uniform' },
      { name: 'stochastic', beta: 3, negatives: { from: 'pool', size: 50 } },
    ],
    ...changes,
  });
}

const described = (changes?: object) => unitsOf(settings(changes)).map(describeUnit);

test('the grid, phase by phase', () => {
  expect(described()).toEqual([
    'dense, data and features',
    'experts, data and features',
    'dense, seed 1, pretraining',
    'dense, seed 2, pretraining',
    'experts, seed 1, pretraining',
    'experts, seed 2, pretraining',
    'dense, seed 1, uniform',
    'dense, seed 1, stochastic',
    'dense, seed 2, uniform',
    'dense, seed 2, stochastic',
    'experts, seed 1, uniform',
    'experts, seed 1, stochastic',
    'experts, seed 2, uniform',
    'experts, seed 2, stochastic',
  ]);
});

test.each([
  ['first', ['dense']],
  ['each', ['dense', 'experts']],
])(
  'tuning on %s: every strategy has its trials, with an encoder pretrained for them',
  (tuneOn, tuned) => {
    const tuning = { seed: 9, trials: 1, tuneOn, space: { learningRate: [1e-3] } };
    const units = unitsOf(settings({ tuning }));

    expect(units.filter(({ phase }) => phase === 'trials').map(describeUnit)).toEqual(
      tuned.flatMap((encoder) => [
        `${encoder}, seed 9, uniform, trial 1 (learningRate 0.001)`,
        `${encoder}, seed 9, stochastic, trial 1 (learningRate 0.001)`,
      ]),
    );
    const pretrained = units.filter((unit) => unit.phase === 'pretrain' && unit.seed === 9);
    expect(pretrained.map(({ encoder }) => encoder)).toEqual(tuned);
    expect(units.filter((unit) => unit.phase === 'align' && unit.seed === 9)).toEqual([]);
    expect(units).toHaveLength(14 + 3 * tuned.length);
  },
);

test('without tuning nothing is tried', () => {
  expect(trialUnits(settings(), 'dense')).toEqual([]);
});

test('a seed that is compared anyway is not pretrained twice for tuning', () => {
  const tuning = { seed: 2, trials: 1, space: { learningRate: [1e-3] } };

  expect(
    described({ tuning }).filter((unit) => unit === 'dense, seed 2, pretraining'),
  ).toHaveLength(1);
});

test.each([
  ['the first encoder only', null, ['dense']],
  ['the encoders that it names', ['experts', 'dense'], ['dense', 'experts']],
])('the sweep adds pool sizes to %s', (_, encoders, swept) => {
  const sweep = { strategy: 'stochastic', poolSizes: [1, 10], encoders };
  const names = (encoder: string) =>
    strategiesOf(settings({ sweep }), encoder).map(({ strategy }) => strategy.name);

  for (const encoder of ['dense', 'experts']) {
    const added = swept.includes(encoder) ? ['stochastic-k1', 'stochastic-k10'] : [];
    expect(names(encoder)).toEqual(['uniform', 'stochastic', ...added]);
  }
});

test('a swept strategy keeps everything but its pool size', () => {
  const sweep = { strategy: 'stochastic', poolSizes: [10] };

  expect(strategiesOf(settings({ sweep }), 'dense').at(-1)).toEqual({
    tunedAs: 'stochastic',
    sweepPoolSize: 10,
    strategy: {
      name: 'stochastic-k10',
      loss: 'dpo',
      count: 1,
      beta: 3,
      negatives: { from: 'pool', size: 10, scoredBy: 'policy' },
    },
  });
});
