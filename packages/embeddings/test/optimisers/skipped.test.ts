import { embeddingTable, sparseAdam, sparseAdamW } from '@rodpo/embeddings';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';
import { golden, gradientsOf, rows, startTable, steps, width } from '../sparse-golden.ts';

const [learningRate, beta1, beta2, epsilon] = [0.01, 0.8, 0.95, 1e-3];
const settings = { learningRate, beta1, beta2, epsilon, skipped: 'decay' } as const;

/** Adam's moments by their definition, from all gradients of one number and the steps that they came in. */
function momentsOf(gradients: readonly (readonly [step: number, gradient: number])[], now: number) {
  const mean = (beta: number, of: (gradient: number) => number) =>
    gradients.reduce((sum, [step, g]) => sum + (1 - beta) * beta ** (now - step) * of(g), 0);
  return [mean(beta1, (g) => g), mean(beta2, (g) => g * g)] as const;
}

test('decayed moments are the sums that define those of dense Adam', () => {
  const table = startTable();
  const optimiser = sparseAdam(table, settings);
  const expected = Float64Array.from(table.values);
  const [first, second] = [new Float64Array(rows * width), new Float64Array(rows * width)];
  const seen = Array.from(expected, () => [] as [number, number][]);
  for (let step = 1; step <= steps; step++) {
    const indices = Int32Array.from(golden.touched[step]!);
    const gradients = gradientsOf(step, indices);
    optimiser.update(table, indices, gradients);
    for (const [n, gradient] of gradients.entries()) {
      const at = indices[Math.floor(n / width)]! * width + (n % width);
      seen[at]!.push([step, gradient]);
      [first[at], second[at]] = momentsOf(seen[at]!, step);
      const root = Math.sqrt(second[at]! / (1 - beta2 ** step));
      expected[at]! -= (learningRate * first[at]!) / (1 - beta1 ** step) / (root + epsilon);
    }
  }
  const state = optimiser.state();

  // Fifty roundings of a value near 1, as in the comparison with torch.
  expectAllClose(table.values, expected, { relative: 0, absolute: 1e-6 });
  expectAllClose(state['adam.first']!.data, first, { relative: 1e-6, absolute: 1e-6 });
  expectAllClose(state['adam.second']!.data, second, { relative: 1e-6, absolute: 1e-6 });
  // The last of the steps that touch a row: rows 1, 4 and 5 in step 50, and row 6 in step 38.
  expect(state['adam.touched']!.data).toEqual(Int32Array.of(49, 50, 46, 49, 50, 50, 38));
});

/** The step of a row whose gradient is 1 in the first update, and again so much later that nothing corrects. */
function laterStep(skipped: 'keep' | 'decay'): number {
  const table = embeddingTable({ rows: 2, width: 1 });
  const options = { learningRate: 1, beta1: 0.5, beta2: 0.9, skipped };
  const optimiser = sparseAdam(table, options);
  const one = Float32Array.of(1);
  optimiser.update(table, Int32Array.of(0), one);
  for (let step = 0; step < 400; step++) optimiser.update(table, Int32Array.of(1), one);
  const before = table.values[0]!;
  optimiser.update(table, Int32Array.of(0), one);
  return before - table.values[0]!;
}

test('a row long untouched goes on where it was, or starts anew', () => {
  // Moments that waited are 1 − β₁² and 1 − β₂² after two gradients of 1, others 1 − β₁ and 1 − β₂.
  expect(laterStep('keep')).toBeCloseTo(0.75 / Math.sqrt(0.19), 6);
  expect(laterStep('decay')).toBeCloseTo(0.5 / Math.sqrt(0.1), 6);
});

test('only touched rows decay, and catch up on what they skipped', () => {
  const decayed = (skipped: 'keep' | 'decay') => {
    const table = embeddingTable({ rows: 3, width: 1, values: Float32Array.of(1, 1, 1) });
    const optimiser = sparseAdamW(table, { learningRate: 0.1, weightDecay: 0.5, skipped });
    const none = Float32Array.of(0, 0); // so that decay is all that moves a row
    optimiser.update(table, Int32Array.of(0), none);
    for (let step = 2; step <= 6; step++) optimiser.update(table, Int32Array.of(1), none);
    optimiser.update(table, Int32Array.of(1, 0), none);
    return table.values;
  };

  // Row 0 is touched in steps 1 and 7, row 1 in 2 to 7, row 2 never.
  expectAllClose(decayed('keep'), [0.95 ** 2, 0.95 ** 6, 1]);
  expectAllClose(decayed('decay'), [0.95 ** 7, 0.95 ** 7, 1]);
});
