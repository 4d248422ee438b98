import { embeddingTable, type RowOptimiser, sparseAdam, sparseAdamW } from '@rodpo/embeddings';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';
import { golden, gradientsOf, rows, startTable, steps, width } from '../sparse-golden.ts';

const tolerance = { relative: 0, absolute: 1e-6 };
const touchedIn = (step: number) => Int32Array.from(golden.touched[step]!);
/** Warms up, and falls again. */
const rateIn = (step: number) => 0.002 * Math.min(step, 30 - step / 2);

/** AdamW by its definition, in float64, with a gradient for each number in each step: 0 where no row is touched. */
function denseAdamW(weightDecay: number): Float64Array {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  const values = Float64Array.from(startTable().values);
  const [first, second] = [new Float64Array(rows * width), new Float64Array(rows * width)];
  for (let step = 1; step <= steps; step++) {
    const gradients = new Float64Array(rows * width);
    for (const row of touchedIn(step)) {
      gradients.set(gradientsOf(step, [row]), row * width);
    }
    for (const [at, gradient] of gradients.entries()) {
      first[at] = beta1 * first[at]! + (1 - beta1) * gradient;
      second[at] = beta2 * second[at]! + (1 - beta2) * gradient ** 2;
      const mean = first[at] / (1 - beta1 ** step);
      const root = Math.sqrt(second[at] / (1 - beta2 ** step)) + epsilon;
      values[at] = values[at]! * (1 - rateIn(step) * weightDecay) - (rateIn(step) * mean) / root;
    }
  }
  return values;
}

function follow(
  optimiser: RowOptimiser,
  table: ReturnType<typeof startTable>,
  from = 1,
  to = steps,
): void {
  for (let step = from; step <= to; step++) {
    const indices = touchedIn(step);
    const learningRate = rateIn(step);
    optimiser.update(table, indices, gradientsOf(step, indices), { learningRate });
  }
}

test.each([0, 0.5, 8])(
  'rows that catch up are those of dense AdamW, weight decay %d',
  (weightDecay) => {
    const table = startTable();
    const optimiser = sparseAdamW(table, { weightDecay, skipped: 'catch-up' });

    follow(optimiser, table);
    optimiser.settle(table);

    expectAllClose(table.values, denseAdamW(weightDecay), tolerance);
  },
);

test('when rows are asked for makes no difference', () => {
  const [often, once] = [startTable(), startTable()];
  const [asked, left] = [often, once].map((table) => sparseAdam(table, { skipped: 'catch-up' }));
  for (let step = 1; step <= steps; step++) {
    follow(asked!, often, step, step);
    asked!.settle(often, Int32Array.of(6, 2, 2, 6));
  }
  asked!.settle(often);
  follow(left!, once);
  left!.settle(once);

  expectAllClose(often.values, once.values, tolerance);
  expectAllClose(asked!.state()['adam.first']!.data, left!.state()['adam.first']!.data, tolerance);
  expectAllClose(
    asked!.state()['adam.second']!.data,
    left!.state()['adam.second']!.data,
    tolerance,
  );
});

test('of the rows asked for, only those that count move, and nothing else', () => {
  const table = startTable();
  const optimiser = sparseAdam(table, { skipped: 'catch-up' });
  follow(optimiser, table, 1, 9); // rows 6 and 1 are touched in step 9
  follow(optimiser, table, 10, 12);
  const before = Float32Array.from(table.values);

  optimiser.settle(table, Int32Array.of(6, 1), 1);

  const moved = Array.from(table.values.keys()).filter((at) => table.values[at] !== before[at]);
  expect(moved).toEqual([18, 19, 20]);
});

test('a row left alone for long has moved by the whole of what a gradient moves', () => {
  const table = embeddingTable({ rows: 2, width: 1 });
  const [beta1, beta2] = [0.9, 0.999];
  const optimiser = sparseAdam(table, { learningRate: 1e-3, skipped: 'catch-up' });
  const one = Float32Array.of(1);
  for (let step = 1; step <= 4000; step++) optimiser.update(table, Int32Array.of(1), one);
  optimiser.update(table, Int32Array.of(0), one);
  for (let step = 4002; step <= 9000; step++) optimiser.update(table, Int32Array.of(1), one);
  optimiser.settle(table);

  // m = 1 − β₁ and v = 1 − β₂ in step 4001; 1 − β₂ᵗ is nearly 1 from there on: a geometric series.
  const ratio = beta1 / Math.sqrt(beta2);
  const whole = ((1e-3 * (1 - beta1)) / Math.sqrt(1 - beta2) / (1 - ratio)) * -1;
  expect(table.values[0]! / whole).toBeCloseTo(0.991, 2);
  expect(table.values[0]! / whole).toBeLessThan(1);
  const { data } = optimiser.state()['adam.first']!;
  expect(data[0]).toBe(0);
});

test('a state may be taken at any time, and goes on to the same bits', () => {
  const [table, other] = [startTable(), startTable()];
  const [first, second] = [table, other].map((of) => sparseAdam(of, { skipped: 'catch-up' }));
  follow(first!, table, 1, 20);
  follow(second!, other, 1, 3); // what it has done itself is forgotten

  other.values.set(table.values);
  second!.load(first!.state());
  follow(first!, table, 21, 40);
  follow(second!, other, 21, 40);
  first!.settle(table);
  second!.settle(other);

  expect(other.values).toEqual(table.values);
  expect(second!.state()).toEqual(first!.state());
});

test('what is read into the arrays of a state is loaded', () => {
  const [table, other] = [startTable(), startTable()];
  const [first, second] = [table, other].map((of) => sparseAdam(of, { skipped: 'catch-up' }));
  const views = second!.state();
  follow(first!, table, 1, 20);

  other.values.set(table.values);
  for (const [name, { data }] of Object.entries(first!.state())) views[name]!.data.set(data);
  follow(first!, table, 21, 40);
  follow(second!, other, 21, 40);
  first!.settle(table);
  second!.settle(other);

  expect(other.values).toEqual(table.values);
});

test('over thousands of steps rows are where dense Adam has them', () => {
  // Row 0 comes in every step, row 1 every 100th, row 2 in steps 500, 1024, 1025 and 2047 alone.
  const comes = (row: number, step: number) =>
    row === 0 ||
    (row === 1 && step % 100 === 0) ||
    (row === 2 && [500, 1024, 1025, 2047].includes(step));
  const table = embeddingTable({ rows: 3, width: 1 });
  const optimiser = sparseAdamW(table, {
    learningRate: 0.01,
    weightDecay: 0.1,
    skipped: 'catch-up',
  });
  const [values, first, second] = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let step = 1; step <= 2500; step++) {
    const touched = [0, 1, 2].filter((row) => comes(row, step));
    const gradient = (row: number) => (row === 0 ? Math.cos(step) : 1 + ((step + row) % 7) / 8);
    optimiser.update(table, Int32Array.from(touched), Float32Array.from(touched, gradient));
    for (const row of [0, 1, 2]) {
      const g = touched.includes(row) ? Math.fround(gradient(row)) : 0;
      first[row] = 0.9 * first[row]! + 0.1 * g;
      second[row] = 0.999 * second[row]! + 0.001 * g ** 2;
      const root = Math.sqrt(second[row] / (1 - 0.999 ** step)) + 1e-8;
      values[row] = values[row]! * (1 - 0.001) - (0.01 * first[row]!) / (1 - 0.9 ** step) / root;
    }
    if (![700, 1500, 2500].includes(step)) continue;
    optimiser.settle(table, Int32Array.of(0, 1, 2));
    expectAllClose(table.values, values, { relative: 0, absolute: 5e-6 });
  }
});

test.each<[string, (optimiser: RowOptimiser) => void]>([
  ['a row of another table', (of) => of.settle(startTable(), Int32Array.of(rows))],
  ['more rows than there are', (of) => of.settle(startTable(), Int32Array.of(0), 2)],
  ['a table of another size', (of) => of.settle(embeddingTable({ rows: 2, width }))],
])('refuses %s', (_, settle) => {
  expect(() => settle(sparseAdam(startTable(), { skipped: 'catch-up' }))).toThrow(RangeError);
  expect(() => settle(sparseAdam(startTable()))).toThrow(RangeError);
});

test('refuses a decay that leaves nothing to go on from, and has changed nothing then', () => {
  const settings = { learningRate: 0.5, skipped: 'catch-up' } as const;
  expect(() => sparseAdamW(startTable(), { ...settings, weightDecay: 1 })).toThrow(
    /weightDecay must be 0\.4 at most.*, got 0\.5/,
  );
  const table = startTable();
  const optimiser = sparseAdamW(table, { ...settings, weightDecay: 0.8 });
  const update = (learningRate: number) =>
    optimiser.update(table, Int32Array.of(0), new Float32Array(width), { learningRate });
  expect(() => update(0.6)).toThrow(RangeError);
  expect([optimiser.steps, table.values]).toEqual([0, startTable().values]);
  for (let step = 0; step < 3000; step++) update(0.5); // the fastest decay there is
  optimiser.settle(table);
  expect(table.values.every(Number.isFinite)).toBe(true);
});

test('refuses moments that would move a row for ever', () => {
  const fading = (beta1: number, beta2: number) =>
    sparseAdam(startTable(), { beta1, beta2, skipped: 'catch-up' });
  expect(() => fading(0.9, 0.81)).toThrow(/beta1 must be below the root of beta2, 0\.9/);
  expect(() => fading(0, 0)).toThrow(RangeError);

  const table = startTable();
  const optimiser = sparseAdam(table, { beta1: 0, skipped: 'catch-up' });
  follow(optimiser, table, 1, 9);
  const before = Float32Array.from(table.values);
  optimiser.settle(table);
  expect(table.values).toEqual(before); // nothing is left of a gradient in the next step
});
