import { type Divergence, ipoLoss, sigmoidLoss } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lossAt, type Ratios } from './losses.ts';

const at: Ratios = { chosen: [2, -1, 0.5, -3], rejected: [-1, 1.5, 0.25, -3] };
const sigmoidAt = (divergence: Divergence, ratios = at) =>
  lossAt((p, r) => sigmoidLoss(p, r, { beta: 0.5, divergence }), ratios);

test('scores are f′ of the probability ratio t: hand-checked by its margin', () => {
  // t = 4 and ½, so x = log 4 and −log 2. The loss is softplus(−Δ/2).
  const ratios = { chosen: [Math.log(4)], rejected: [-Math.log(2)] };
  const marginBy = (divergence: Divergence) =>
    -2 * Math.log(Math.exp(sigmoidAt(divergence, ratios).losses[0]!) - 1);

  expectAllClose([marginBy('reverse_kl')], [Math.log(8)]); // log t
  expectAllClose([marginBy('forward_kl')], [1 - 1 / 4 - (1 - 2)]); // 1 − 1/t
  expectAllClose([marginBy('js_divergence')], [Math.log(8 / 5) - Math.log(2 / 3)]); // log 2t/(t+1)
  expectAllClose([marginBy({ alpha: 0.5 })], [2 * (Math.SQRT2 - 1 / 2)]); // (t^−½ − 1) / −½
  expectAllClose([marginBy({ alpha: 3 })], [(16 - 1 / 4) / 2]); // (t² − 1) / 2
});

test('α of 1 is reverse KL, α of 0 forward KL', () => {
  expect(sigmoidAt({ alpha: 1 })).toEqual(sigmoidAt('reverse_kl'));
  expect(sigmoidAt({ alpha: 1 + 5e-7 })).toEqual(sigmoidAt('reverse_kl'));
  expect(sigmoidAt({ alpha: 0 })).toEqual(sigmoidAt('forward_kl'));
});

test('α near 1 costs no digits', () => {
  const near = sigmoidAt({ alpha: 1 + 1e-5 });

  // (e^(x · 1e-5) − 1) / 1e-5 = x + x² · 5e-6 + …; as a difference of exponentials in float32 it
  // would be off by up to 1e-2.
  expectAllClose(near.losses, sigmoidAt('reverse_kl').losses, { relative: 0, absolute: 3e-5 });
});

test('every divergence keeps the order of items', () => {
  const ratio = fc.integer({ min: -12, max: 12 });
  const any = fc.constantFrom<Divergence>(
    'forward_kl',
    'js_divergence',
    { alpha: 0.5 },
    { alpha: 2 },
  );
  fc.assert(
    fc.property(ratio, ratio, any, (chosen, rejected, divergence) => {
      const { losses } = sigmoidAt(divergence, { chosen: [chosen], rejected: [rejected] });
      const preference = Math.sign(Math.log(2) - losses[0]!);

      // Where a score saturates, a difference may round to none.
      expect([0, Math.sign(chosen - rejected)]).toContain(
        Math.abs(losses[0]! - Math.log(2)) < 1e-5 ? 0 : preference,
      );
    }),
    { numRuns: 100 },
  );
});

test.each<Divergence>(['forward_kl', { alpha: 0.5 }])(
  'beyond the bound of the exponent a pair passes no gradient: %j',
  (divergence) => {
    const { slopes } = sigmoidAt(divergence, { chosen: [-1000, -20], rejected: [0, 0] });

    expect(slopes.chosen[0]).toBeCloseTo(0, 10);
    expect(slopes.chosen[1]).toBeLessThan(-1e3);
  },
);

test('ipo stays finite where exponentials are squared', () => {
  const { losses } = lossAt((p, r) => ipoLoss(p, r, { beta: 1, divergence: 'forward_kl' }), {
    chosen: [-1e4],
    rejected: [0],
  });

  expectAllClose(losses, [Math.exp(40) ** 2]); // bounded at e^40
});

test.each([
  { divergence: 'kl' as Divergence, shown: 'kl' },
  { divergence: { alpha: Number.NaN }, shown: '{ alpha: NaN }' },
  { divergence: { alpha: Infinity }, shown: '{ alpha: Infinity }' },
])('rejects $shown', ({ divergence, shown }) => {
  expect(() => sigmoidAt(divergence)).toThrow(
    new RangeError(
      'divergence must be one of reverse_kl, forward_kl, js_divergence, or { alpha } with a ' +
        `finite number, got ${shown}`,
    ),
  );
});
