import '@rodpo/testing/tfjs';
import {
  choiceCounts,
  expertCapacity,
  importanceLoss,
  loadLoss,
  megatronBalanceLoss,
  mixtralBalanceLoss,
  nextBias,
  type Routing,
  route,
  routerZLoss,
  routingStatistics,
  switchBalanceLoss,
  withinCapacity,
} from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';

const numbers = (tensor: tf.Tensor) => [...tensor.dataSync()];
const normals = (n: number, columns: number, seed = 1) => {
  const normal = gaussianRandom(seededRandom(seed));
  return tf.tensor2d(Float32Array.from({ length: n * columns }, normal), [n, columns]);
};
const losses = {
  switchBalanceLoss,
  megatronBalanceLoss,
  mixtralBalanceLoss,
  importanceLoss,
  routerZLoss,
};

/** Three tokens, the last of them padding, and two of three experts each. */
const routing: Routing = {
  experts: tf.tensor2d([[0, 1], [0, 2], [2, 1]], [3, 2], 'int32'), // biome-ignore format: one token a row
  weights: tf.tensor2d([[0.6, 0.4], [0.5, 0.5], [0.9, 0.1]]), // biome-ignore format: one token a row
  probabilities: tf.tensor2d([[0.5, 0.3, 0.2], [0.7, 0, 0.3], [0, 0, 1]]), // biome-ignore format: one token a row
  logits: tf.log(tf.tensor2d([[1, 2, 3], [2, 2, 2], [9, 9, 9]])), // biome-ignore format: one token a row
};
const mask = tf.tensor1d([1, 1, 0]);

describe('by hand, for two tokens of three experts:', () => {
  test.each([
    // Mean probabilities are .6, .15, .25; first choices are all 0; all choices 2, 1, 1 of 2.
    ['switchBalanceLoss', switchBalanceLoss, 3 * 0.6],
    ['mixtralBalanceLoss', mixtralBalanceLoss, 3 * (0.6 + 0.5 * 0.15 + 0.5 * 0.25)],
    ['megatronBalanceLoss', megatronBalanceLoss, (3 * (0.6 + 0.5 * 0.15 + 0.5 * 0.25)) / 2],
    // The sums of the exponentials are 6 and 6.
    ['routerZLoss', routerZLoss, Math.log(6) ** 2],
    // Weights sum to 1.1, .4, .5: mean 2/3, variance (.19 + .07 + .03) / 3.
    [
      'importanceLoss',
      importanceLoss,
      ((1.1 - 2 / 3) ** 2 + (0.4 - 2 / 3) ** 2 + (0.5 - 2 / 3) ** 2) / 3 / (2 / 3) ** 2,
    ],
  ])('%s', (_, loss, expected) => {
    expectAllClose(numbers(loss({ routing, mask })), [expected]);
  });

  test('routingStatistics', () => {
    const keep = tf.tensor2d([[1, 1], [1, 0], [0, 0]]); // biome-ignore format: one token a row
    const entropy = (shares: number[]) =>
      -shares.reduce((sum, share) => sum + (share && share * Math.log(share)), 0) / Math.log(3);
    const statistics = routingStatistics({ routing, mask, keep });

    expectAllClose(numbers(statistics.load), [0.5, 0.25, 0.25]);
    expectAllClose(numbers(statistics.loadEntropy), [entropy([0.5, 0.25, 0.25])]);
    const perToken = (entropy([0.5, 0.3, 0.2]) + entropy([0.7, 0, 0.3])) / 2;
    expectAllClose(numbers(statistics.tokenEntropy), [perToken]);
    expectAllClose(numbers(statistics.droppedShare), [0.25]);
    expect(numbers(routingStatistics({ routing, mask }).droppedShare)).toEqual([0]);
  });

  test('choiceCounts', () => {
    expect(numbers(choiceCounts(routing.experts, mask, 3))).toEqual([2, 1, 1]);
  });

  test('loadLoss', () => {
    // Each other's noisy logit is what one of two must exceed, in units of the deviation 2:
    // Φ((1 − 3) / 2) and Φ((2 − 0) / 2), where Φ(1) = .8413447461.
    const noisy = { logits: tf.tensor2d([[0, 3]]), deviation: tf.fill<tf.Rank.R2>([1, 2], 2) };
    const two: Routing = {
      experts: tf.tensor2d([[1]], [1, 1], 'int32'),
      weights: tf.ones([1, 1]),
      probabilities: tf.ones([1, 2]),
      logits: tf.tensor2d([[1, 2]]),
      noisy,
    };
    const half = 0.8413447461 - 0.5;

    expectAllClose(numbers(loadLoss({ routing: two, mask: tf.ones([1]) })), [(half / 0.5) ** 2]);
  });
});

describe('equal loads', () => {
  // Token t prefers expert t, then t + 1, …; every expert is best, second and last equally often.
  const logits = tf.tensor2d([[3, 2, 1, 0], [0, 3, 2, 1], [1, 0, 3, 2], [2, 1, 0, 3]]); // biome-ignore format: one token a row
  const everyone = tf.ones([4]);

  test.each([1, 2, 3, 4])('lose 1 in every form but Mixtral’s, %d active', (activeCount) => {
    const tokens = { routing: route(logits, { activeCount }), mask: everyone };

    expectAllClose(numbers(switchBalanceLoss(tokens)), [1]);
    expectAllClose(numbers(megatronBalanceLoss(tokens)), [1]);
    expectAllClose(numbers(mixtralBalanceLoss(tokens)), [activeCount]);
    expectAllClose(numbers(importanceLoss(tokens)), [0]);
    expectAllClose(numbers(routingStatistics(tokens).loadEntropy), [1]);
  });

  test('lose less than loads on one expert', () => {
    const tokens = {
      routing: route(tf.tile(tf.tensor2d([[9, 0, 0, 0]]), [4, 1]), { activeCount: 1 }),
      mask: everyone,
    };

    for (const loss of [switchBalanceLoss, megatronBalanceLoss, mixtralBalanceLoss]) {
      expect(numbers(loss(tokens))[0]).toBeGreaterThan(3.9);
    }
    expectAllClose(numbers(importanceLoss(tokens)), [3]); // variance 3/16 over mean 1/4 squared
    expectAllClose(numbers(routingStatistics(tokens).loadEntropy), [0]);
  });
});

describe('padding', () => {
  const [real, padding] = [normals(5, 4), normals(3, 4, 2)];
  const padded = tf.concat([padding, real]) as tf.Tensor2D;
  const masks = { real: tf.ones([5]), padded: tf.tensor1d([0, 0, 0, 1, 1, 1, 1, 1]) };
  const noiseOf = (n: number) => ({
    scale: tf.zeros([n, 4]),
    normal: tf.concat([tf.ones([n - 5, 4]), normals(5, 4, 3)]),
  });

  test.each(Object.entries({ ...losses, loadLoss }))(
    'changes no %s, nor its gradient',
    (_, loss) => {
      const lossOf = (mask: tf.Tensor) => (logits: tf.Tensor) => {
        const noise = noiseOf(mask.size);
        return loss({ routing: route(logits as tf.Tensor2D, { activeCount: 2, noise }), mask });
      };
      const [alone, among] = [lossOf(masks.real), lossOf(masks.padded)];

      expectAllClose(numbers(among(padded)), numbers(alone(real)));
      const gradient = tf.grad(among)(padded);
      expect(numbers(tf.slice(gradient, 0, 3)).every((value) => value === 0)).toBe(true);
      expectAllClose(numbers(tf.slice(gradient, 3)), numbers(tf.grad(alone)(real)));
    },
  );

  test('changes no statistic, count or capacity', () => {
    const [alone, among] = [real, padded].map((logits) => route(logits, { activeCount: 2 }));
    const statistics = routingStatistics({ routing: among!, mask: masks.padded });
    const expected = routingStatistics({ routing: alone!, mask: masks.real });
    for (const [name, value] of Object.entries(statistics)) {
      expectAllClose(numbers(value), numbers(expected[name as keyof typeof expected]));
    }
    const options = { expertCount: 4, activeCount: 2, factor: 1.25 };

    expect(numbers(choiceCounts(among!.experts, masks.padded, 4))).toEqual(
      numbers(choiceCounts(alone!.experts, masks.real, 4)),
    );
    // ⌈1.25 · 5 · 2 / 4⌉ = ⌈3.125⌉
    expect(numbers(expertCapacity(masks.padded, options))).toEqual([4]);
    expect(numbers(expertCapacity(masks.real, options))).toEqual([4]);
  });

  test('alone loses nothing', () => {
    const nobody = { routing: route(real, { activeCount: 2 }), mask: tf.zeros([5]) };

    for (const loss of Object.values(losses)) expect(numbers(loss(nobody))).toEqual([0]);
    for (const value of Object.values(routingStatistics(nobody))) {
      expect(numbers(value).every((figure) => figure === 0)).toBe(true);
    }
  });
});

describe('withinCapacity', () => {
  const experts = tf.tensor2d([[0, 1], [1, 0], [0, 1], [0, 1]], [4, 2], 'int32'); // biome-ignore format: one token a row

  test('serves first choices first, then earlier tokens; padding takes no place', () => {
    // Token 0 is padding. Expert 0: first choices of 2 and 3 fill it, so 1 is not served there.
    // Expert 1: the first choice of 1, then the second one of 2; none is left for 3.
    const keep = withinCapacity(experts, tf.tensor1d([0, 1, 1, 1]), {
      capacity: 2,
      expertCount: 2,
    });

    expect(keep.arraySync()).toEqual([[0, 0], [1, 0], [1, 1], [1, 0]]); // biome-ignore format: one token a row
  });

  test.each([0, 1, 2, 3, 4, 8])('keeps at most %d of each expert', (capacity) => {
    const { experts } = route(normals(20, 4), { activeCount: 2 });
    const keep = withinCapacity(experts, tf.ones([20]), { capacity, expertCount: 4 }).arraySync();
    const chosen = experts.arraySync();
    for (let expert = 0; expert < 4; expert++) {
      const all = chosen.flat().filter((choice) => choice === expert).length;
      const kept = chosen.flatMap((row, token) =>
        row.filter((choice, place) => choice === expert && keep[token]![place] === 1),
      );
      expect(kept.length).toBe(Math.min(all, capacity));
    }
  });

  test.each([0, -1, Number.NaN, Infinity])('expertCapacity rejects the factor %d', (factor) => {
    expect(() => expertCapacity(mask, { expertCount: 4, activeCount: 1, factor })).toThrow(
      new RangeError(`the capacity factor must be positive and finite, got ${factor}`),
    );
  });
});

test('nextBias raises experts that got too little, and lowers those that got too much', () => {
  const bias = nextBias(tf.tensor1d([0.5, 0, 0]), tf.tensor1d([5, 3, 1]), 0.1);

  expectAllClose(numbers(bias), [0.4, 0, 0.1]);
});

test('loadLoss rejects a routing without noise, and is 0 when all experts are active', () => {
  const noise = { scale: tf.zeros([3, 2]), normal: normals(3, 2) };

  expect(() => loadLoss({ routing, mask })).toThrow(
    new TypeError('loadLoss needs noisy routing; call route with the option noise'),
  );
  expect(
    numbers(loadLoss({ routing: route(normals(3, 2), { activeCount: 2, noise }), mask })),
  ).toEqual([0]);
});

test('a sure token has no entropy, an unsure one all of it', () => {
  const entropy = (logits: tf.Tensor2D) =>
    numbers(
      routingStatistics({ routing: route(logits, { activeCount: 1 }), mask: tf.ones([1]) })
        .tokenEntropy,
    );

  expectAllClose(entropy(tf.tensor2d([[100, 0, 0]])), [0]);
  expectAllClose(entropy(tf.tensor2d([[2, 2, 2]])), [1]);
});
