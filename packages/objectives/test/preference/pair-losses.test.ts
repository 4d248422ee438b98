import {
  aotLoss,
  aotUnpairedLoss,
  apoDownLoss,
  discopopLoss,
  exoPairLoss,
  hingeLoss,
  ipoLoss,
  robustLoss,
  sigmoidLoss,
  sppoHardLoss,
} from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divergenceLosses, lossAt, pairLosses } from './losses.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const logSigmoid = (x: number) => Math.log(sigmoid(x));
const of = (name: string) => pairLosses.find((loss) => loss.name === name)!.loss;

/** Loss of one pair by its log-ratios a and b, as papers write it; ε is 0.1 as in `pairLosses`. */
const formulas: Record<string, (a: number, b: number, beta: number) => number> = {
  sigmoid: (a, b, beta) => -logSigmoid(beta * (a - b)),
  hinge: (a, b, beta) => Math.max(0, 1 - beta * (a - b)),
  ipo: (a, b, beta) => (a - b - 1 / (2 * beta)) ** 2,
  exo_pair: (a, b, beta) => {
    const q = sigmoid(beta * (a - b));
    return q * Math.log(q / 0.9) + (1 - q) * Math.log((1 - q) / 0.1);
  },
  nca_pair: (a, b, beta) =>
    -logSigmoid(beta * a) - (logSigmoid(-beta * a) + logSigmoid(-beta * b)) / 2,
  robust: (a, b, beta) =>
    (-0.9 * logSigmoid(beta * (a - b)) + 0.1 * logSigmoid(beta * (b - a))) / 0.8,
  bco_pair: (a, b, beta) => -logSigmoid(beta * a) - logSigmoid(-beta * b),
  sppo_hard: (a, b, beta) => (a - 0.5 / beta) ** 2 + (b + 0.5 / beta) ** 2,
  aot: (a, b, beta) => -0.9 * logSigmoid(beta * (a - b)) - 0.1 * logSigmoid(beta * (b - a)),
  aot_unpaired: (a, b, beta) => formulas.aot!(a, b, beta),
  apo_zero: (a, b, beta) => 1 - sigmoid(beta * a) + sigmoid(beta * b),
  apo_down: (a, b, beta) => sigmoid(beta * a) + 1 - sigmoid(beta * (a - b)),
  discopop: (a, b, beta) => {
    const [x, g] = [beta * (a - b), sigmoid((beta * (a - b)) / 0.05)];
    return -(1 - g) * logSigmoid(x) + g * Math.exp(-x);
  },
  sft: (a) => -a, // the reference is 0 here, so that a is the log-probability
};

describe.each(pairLosses)('$name', ({ name, loss }) => {
  test('is its formula', () => {
    const ratio = fc.double({ min: -8, max: 8, noNaN: true });
    fc.assert(
      fc.property(ratio, ratio, fc.constantFrom(0.1, 0.5, 2), (a, b, beta) => {
        const { losses } = lossAt(loss(beta), { chosen: [a], rejected: [b] });

        // float32 rounds ratios of up to 8 by 5e-7, and discopop has slopes of β/4 · 1/τ = 10.
        expectAllClose(losses, [formulas[name]!(a, b, beta)], { relative: 3e-5, absolute: 1e-5 });
      }),
      { numRuns: 50 },
    );
  });
});

const half = Math.log(2);

test.each([
  { name: 'sigmoid', expected: half },
  { name: 'hinge', expected: 1 },
  { name: 'ipo', expected: 1 }, // (1 / 2β)² at β = ½
  { name: 'exo_pair', expected: -half - Math.log(0.9 * 0.1) / 2 }, // ½ log ½/0.9 + ½ log ½/0.1
  { name: 'nca_pair', expected: 2 * half },
  { name: 'robust', expected: half }, // (0.9 − 0.1) log 2 / (1 − 0.2)
  { name: 'bco_pair', expected: 2 * half },
  { name: 'sppo_hard', expected: 2 },
  { name: 'aot', expected: half },
  { name: 'aot_unpaired', expected: half },
  { name: 'apo_zero', expected: 1 },
  { name: 'apo_down', expected: 1 },
  { name: 'discopop', expected: (half + 1) / 2 }, // half log 2, half e⁰
  { name: 'sft', expected: 0 },
])('$name is $expected where policy and reference agree', ({ name, expected }) => {
  const { losses } = lossAt(of(name)(0.5), { chosen: [0, 0], rejected: [0, 0] });

  expectAllClose(losses, [expected, expected]);
});

test.each(divergenceLosses)('$name: only the tilt differs where they agree', ({ name, loss }) => {
  const [plain] = name.split(',');
  const zero = { chosen: [0], rejected: [0] };
  const { losses, slopes } = lossAt(loss(), zero);
  const expected = lossAt(of(plain!)(), zero);

  // s(0) = 0 but for a constant, and s′(0) = 1, or ½ for Jensen–Shannon: d log σ(x) = σ(−x).
  const slope = name.endsWith('js_divergence') ? 0.5 : 1;
  expectAllClose(losses, expected.losses);
  expectAllClose(slopes.chosen, [slope * expected.slopes.chosen[0]!]);
  expectAllClose(slopes.rejected, [slope * expected.slopes.rejected[0]!]);
});

const extremes = {
  chosen: [1e4, 1e4, -1e4, -1e4, 1e4, 0, -1e4, 0],
  rejected: [-1e4, 1e4, 1e4, -1e4, 0, 1e4, 0, -1e4],
};

test.each([...pairLosses, ...divergenceLosses])('$name is finite at ±1e4', ({ loss }) => {
  const { losses, slopes } = lossAt(loss(1), extremes);

  expect([...losses, ...slopes.chosen, ...slopes.rejected].every(Number.isFinite)).toBe(true);
});

const margins = (values: readonly number[]) => ({
  chosen: values,
  rejected: values.map(() => 0),
});

test.each([0.1, 0.5, 4])('sigmoid and robust have slope −β/2 at 0: β %d', (beta) => {
  for (const name of ['sigmoid', 'robust']) {
    const { slopes } = lossAt(of(name)(beta), margins([0]));

    // Robust: −β ((1 − ε) / 2 + ε / 2) / (1 − 2ε) for one pair as labelled, which is steeper.
    const steeper = name === 'robust' ? 1 / 0.8 : 1;
    expectAllClose(slopes.chosen, [(-beta / 2) * steeper]);
    expectAllClose(slopes.rejected, [(beta / 2) * steeper]);
  }
});

test('hinge leaves pairs beyond 1/β alone', () => {
  const { losses, slopes } = lossAt(
    (p, r) => hingeLoss(p, r, { beta: 0.25 }),
    margins([3, 4.01, 100]),
  );

  expect(losses).toEqual([0.25, 0, 0]); // 1 − 3/4
  expect(slopes.chosen.map(Math.abs)).toEqual([0.25, 0, 0]);
});

test.each([0.1, 0.5, 2])('ipo is least, and 0, at the margin 1/(2β): β %d', (beta) => {
  const target = 1 / (2 * beta);
  const { losses, slopes } = lossAt(
    (p, r) => ipoLoss(p, r, { beta }),
    margins([target, target + 1, target - 1]),
  );

  expectAllClose(losses, [0, 1, 1]);
  expectAllClose(slopes.chosen, [0, 2, -2]);
});

test('sppo is least, and 0, where both items are at their targets', () => {
  const { losses, slopes } = lossAt((p, r) => sppoHardLoss(p, r, { beta: 0.25 }), {
    chosen: [2],
    rejected: [-2],
  });

  expect([losses, slopes.chosen, slopes.rejected]).toEqual([[0], [0], [0]]);
});

test.each([1e-3, 0.1, 0.4])(
  'exo is least, and 0, where it agrees with labels of ε %d',
  (epsilon) => {
    const agreed = Math.log((1 - epsilon) / epsilon) / 0.5;
    const { losses, slopes } = lossAt(
      (p, r) => exoPairLoss(p, r, { beta: 0.5, labelSmoothing: epsilon }),
      margins([agreed, agreed + 1, agreed - 1]),
    );

    expectAllClose([losses[0]!, slopes.chosen[0]!], [0, 0]);
    expect(Math.min(losses[1]!, losses[2]!)).toBeGreaterThan(1e-5);
  },
);

test('without label smoothing robust, conservative and plain DPO are one', () => {
  const at = { chosen: [3, -1, 20], rejected: [1, 4, -30] };
  const plain = lossAt((p, r) => sigmoidLoss(p, r, { beta: 0.3 }), at);

  const conservative = lossAt((p, r) => sigmoidLoss(p, r, { beta: 0.3, labelSmoothing: 0 }), at);
  const robust = lossAt((p, r) => robustLoss(p, r, { beta: 0.3, labelSmoothing: 0 }), at);
  expect(conservative).toEqual(plain);
  expectAllClose(robust.losses, plain.losses);
  expectAllClose(robust.slopes.chosen, plain.slopes.chosen);
});

const margin = fc.double({ min: -20, max: 20, noNaN: true });
const epsilon = fc.double({ min: 0, max: 0.45, noNaN: true });

test('robust is unbiased: labels flipped with probability ε give the loss without flips', () => {
  fc.assert(
    fc.property(margin, epsilon, (x, labelSmoothing) => {
      const at = margins([x, -x]);
      const robust = lossAt((p, r) => robustLoss(p, r, { beta: 1, labelSmoothing }), at).losses;
      const plain = lossAt((p, r) => sigmoidLoss(p, r, { beta: 1 }), at).losses;

      const expected = (1 - labelSmoothing) * robust[0]! + labelSmoothing * robust[1]!;
      // Divided by 1 − 2ε ≥ 0.1, roundings of losses up to 20 grow tenfold.
      expectAllClose([expected], [plain[0]!], { relative: 1e-5, absolute: 5e-5 });
    }),
    { numRuns: 50 },
  );
});

test('conservative DPO is the expectation of the loss over flipped labels', () => {
  fc.assert(
    fc.property(margin, epsilon, (x, labelSmoothing) => {
      const at = margins([x, -x]);
      const smoothed = lossAt((p, r) => sigmoidLoss(p, r, { beta: 1, labelSmoothing }), at).losses;
      const plain = lossAt((p, r) => sigmoidLoss(p, r, { beta: 1 }), at).losses;

      expectAllClose(
        [smoothed[0]!],
        [(1 - labelSmoothing) * plain[0]! + labelSmoothing * plain[1]!],
      );
    }),
    { numRuns: 50 },
  );
});

test('discopop is logistic well below 0 and exponential well above', () => {
  const { losses } = lossAt(
    (p, r) => discopopLoss(p, r, { beta: 1, discopopTau: 0.01 }),
    margins([-2, -1, 1, 2]),
  );

  expectAllClose(losses, [-logSigmoid(-2), -logSigmoid(-1), Math.exp(-1), Math.exp(-2)]);
});

test('apo_down lowers both items, the rejected one more until it is far below', () => {
  // By a: σ′(a) − σ′(a − b), by b: σ′(a − b), with σ′(x) = σ(x) σ(−x), ¼ at 0.
  const { slopes } = lossAt((p, r) => apoDownLoss(p, r, { beta: 1 }), {
    chosen: [0, 0],
    rejected: [0, -3],
  });

  expectAllClose(slopes.chosen, [0, 0.25 - sigmoid(3) * sigmoid(-3)]);
  expectAllClose(slopes.rejected, [0.25, sigmoid(3) * sigmoid(-3)]);
});

describe('aot', () => {
  const beta = 1;

  test('compares margins rank by rank, and sends gradients back to their pairs', () => {
    // Margins 5, −1, 2 against a reference of 0, 0, 0: sorted −1, 2, 5.
    const { losses, slopes } = lossAt((p, r) => aotLoss(p, r, { beta }), margins([5, -1, 2]));

    expectAllClose(losses, [-logSigmoid(-1), -logSigmoid(2), -logSigmoid(5)]);
    expectAllClose(slopes.chosen, [-sigmoid(-5), -sigmoid(1), -sigmoid(-2)]);
    expectAllClose(slopes.rejected, [sigmoid(-5), sigmoid(1), sigmoid(-2)]);
  });

  test('unpaired compares the ranks of chosen and of rejected items', () => {
    // Sorted 1, 2, 9 and −4, 0, 3: differences 5, 2, 6.
    const { losses, slopes } = lossAt((p, r) => aotUnpairedLoss(p, r, { beta }), {
      chosen: [9, 1, 2],
      rejected: [0, 3, -4],
    });

    expectAllClose(losses, [-logSigmoid(5), -logSigmoid(2), -logSigmoid(6)]);
    expectAllClose(slopes.chosen, [-sigmoid(-6), -sigmoid(-5), -sigmoid(-2)]);
    expectAllClose(slopes.rejected, [sigmoid(-2), sigmoid(-6), sigmoid(-5)]);
  });

  test('does not depend on the order of the pairs', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1 }), (values) => {
        const forward = lossAt((p, r) => aotLoss(p, r, { beta }), margins(values));
        const backward = lossAt((p, r) => aotLoss(p, r, { beta }), margins(values.toReversed()));

        expect(backward.losses).toEqual(forward.losses);
      }),
      { numRuns: 50 },
    );
  });
});
