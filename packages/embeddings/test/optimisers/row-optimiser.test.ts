import {
  embeddingTable,
  type RowOptimiser,
  sparseAdaGrad,
  sparseAdam,
  sparseAdamW,
} from '@rodpo/embeddings';
import { isActionable } from '@rodpo/errors';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { golden, gradientsOf, rows, startTable, steps, width } from '../sparse-golden.ts';

type Table = ReturnType<typeof startTable>;

const kinds: [string, (table: Table) => RowOptimiser][] = [
  ['sparseAdam', (table) => sparseAdam(table)],
  ['sparseAdam that decays', (table) => sparseAdam(table, { skipped: 'decay' })],
  ['sparseAdamW', (table) => sparseAdamW(table, { skipped: 'decay', weightDecay: 0.1 })],
  ['sparseAdaGrad', (table) => sparseAdaGrad(table)],
  ['row-wise sparseAdaGrad', (table) => sparseAdaGrad(table, { rowWise: true })],
];

/** Copies, to compare with later. */
const stateOf = (optimiser: RowOptimiser) => structuredClone(optimiser.state());

function train(optimiser: RowOptimiser, table: Table, from: number, to: number): void {
  for (let step = from; step <= to; step++) {
    const indices = Int32Array.from(golden.touched[step]!);
    optimiser.update(table, indices, gradientsOf(step, indices));
  }
}

describe.each(kinds)('%s', (_, make) => {
  test('changes the rows it is given, and no others', () => {
    const table = startTable();
    const optimiser = make(table);
    optimiser.update(table, Int32Array.of(4, 1), gradientsOf(1, [4, 1]));
    const before = startTable().values;

    for (let row = 0; row < rows; row++) {
      const of = (values: Float32Array) => values.subarray(row * width, (row + 1) * width);
      const isSame = of(table.values).every((value, n) => value === of(before)[n]);
      expect(isSame, `row ${row}`).toBe(row !== 4 && row !== 1);
    }
  });

  test('goes on from a loaded state to the bit', () => {
    const whole = startTable();
    const all = make(whole);
    train(all, whole, 1, steps);

    const table = startTable();
    const before = make(table);
    train(before, table, 1, 20);
    const after = make(table);
    after.load(stateOf(before));
    train(before, startTable(), 21, 22); // what was loaded is a copy
    expect(after.steps).toBe(20);
    train(after, table, 21, steps);

    expect(table.values).toEqual(whole.values);
    expect(after.state()).toEqual(all.state());
    expect(after.steps).toBe(steps);
  });

  test('what is read into its state is loaded', () => {
    const table = startTable();
    const before = make(table);
    train(before, table, 1, 20);
    const after = make(table);
    for (const [name, { data }] of Object.entries(stateOf(before))) {
      after.state()[name]!.data.set(data);
    }

    expect(after.steps).toBe(20);
    const other = startTable();
    other.values.set(table.values);
    train(before, table, 21, 25);
    train(after, other, 21, 25);
    expect(other.values).toEqual(table.values);
  });

  test('one row at a time, or with others, or with more after those that count, is the same', () => {
    const indices = Int32Array.of(6, 2, 3);
    const gradients = gradientsOf(1, indices);
    const together = startTable();
    make(together).update(together, indices, gradients);
    const counted = startTable();
    const longer = Int32Array.of(...indices, 2, 99); // of these nothing is asked
    make(counted).update(counted, longer, new Float32Array([...gradients, 1]), { count: 3 });

    for (const n of indices.keys()) {
      const row = indices[n]!;
      const alone = startTable();
      const gradient = gradients.subarray(n * width, (n + 1) * width);
      make(alone).update(alone, indices.subarray(n, n + 1), gradient);
      const of = (values: Float32Array) => values.subarray(row * width, (row + 1) * width);
      expect(of(alone.values)).toEqual(of(together.values));
    }
    expect(counted.values).toEqual(together.values);
  });

  test('a row moves in proportion to the rate of the update', () => {
    const [indices, gradients] = [Int32Array.of(1), gradientsOf(1, [1])];
    const movedBy = (learningRate: number) => {
      const table = startTable();
      make(table).update(table, indices, gradients, { learningRate });
      return table.values.map((value, n) => value - startTable().values[n]!);
    };

    expect(movedBy(0)).toEqual(new Float32Array(rows * width));
    const whole = movedBy(1);
    expect(Math.abs(whole[width]!)).toBeGreaterThan(0.1);
    expectAllClose(
      movedBy(0.5),
      whole.map((value) => value / 2),
    );
  });

  test('a step without rows is a step', () => {
    const table = startTable();
    const optimiser = make(table);
    optimiser.update(table, new Int32Array(0), new Float32Array(0));

    expect(optimiser.steps).toBe(1);
    expect(table.values).toEqual(startTable().values);
  });

  test.each([
    {
      fact: 'a row past the end',
      indices: [1, 7],
      problem: 'indices[1] must be a row of the table, from 0 to 6, got 7',
    },
    {
      fact: 'a row below 0',
      indices: [-1],
      problem: 'indices[0] must be a row of the table, from 0 to 6, got -1',
    },
    {
      fact: 'a row twice',
      indices: [3, 0, 2, 0],
      problem: 'indices must be distinct, got row 0 at 1 and at 3.',
    },
    {
      fact: 'too few gradients',
      indices: [0, 1],
      size: 5,
      problem: 'gradients must hold 6 numbers or more, got 5',
    },
    {
      fact: 'too great a count',
      indices: [0],
      count: 2,
      problem: 'count must be an integer from 0 to 1, got 2',
    },
    {
      fact: 'no rate',
      indices: [0],
      learningRate: Number.NaN,
      problem: 'learningRate must be a number from 0, got NaN',
    },
    {
      fact: 'an endless rate',
      indices: [0],
      learningRate: Infinity,
      problem: 'learningRate must be a number from 0, got Infinity',
    },
  ])('$fact is refused, and changes nothing', ({ indices, size, problem, ...options }) => {
    const table = startTable();
    const optimiser = make(table);
    train(optimiser, table, 1, 3);
    const [values, state] = [Float32Array.from(table.values), stateOf(optimiser)];
    const gradients = new Float32Array(size ?? indices.length * width).fill(1);
    const update = () => optimiser.update(table, Int32Array.from(indices), gradients, options);

    expect(update).toThrow(RangeError);
    expect(update).toThrow(problem); // again: what the first left must not hide it
    expect([table.values, optimiser.state()]).toEqual([values, state]);
    optimiser.update(table, Int32Array.of(0, 2), gradientsOf(4, [0, 2])); // the marks are gone
  });

  test('another table is refused, one of the same size is not', () => {
    const optimiser = make(startTable());
    const update = (table: Table) => optimiser.update(table, Int32Array.of(0), new Float32Array(9));

    expect(() => update(embeddingTable({ rows, width: width + 1 }))).toThrow(
      new RangeError('Expected a table of 7 rows of 3, got 7 rows of 4'),
    );
    expect(() => update(embeddingTable({ rows: rows + 1, width }))).toThrow(RangeError);
    update(startTable());
    expect(optimiser.steps).toBe(1);
  });

  test('another state is refused, and nothing of it is loaded', () => {
    const table = startTable();
    const optimiser = make(table);
    train(optimiser, table, 1, 3);
    const state = stateOf(optimiser);
    const names = Object.keys(state);
    const [first, last] = [names[0]!, names.at(-1)!];
    const { [last]: array, ...rest } = state;
    const odd: Record<string, object> = {
      missing: rest,
      unknown: { ...state, more: array },
      'of another shape': { ...state, [last]: { shape: [1, ...array!.shape], data: array!.data } },
      'of another type': {
        ...state,
        [last]: { ...array, data: new Uint8Array(array!.data.length) },
      },
      'too short': { ...state, [last]: { ...array, data: array!.data.subarray(1) } },
    };
    for (const [fact, other] of Object.entries(odd)) {
      const changed = { ...other, [first]: { shape: [], data: Int32Array.of(77) } };
      let thrown: unknown;
      try {
        optimiser.load(changed as typeof state);
      } catch (error) {
        thrown = error;
      }
      expect(thrown, fact).toBeInstanceOf(RangeError);
      expect(isActionable(thrown), fact).toBe(true);
      expect((thrown as Error).message, fact).toMatch(/^Expected .* Load what an optimiser/);
      expect(optimiser.state(), fact).toEqual(state);
    }
  });
});

test('a row that comes twice is found, wherever it does', () => {
  const optimiser = sparseAdam({ rows: 30, width: 1 });
  const table = embeddingTable({ rows: 30, width: 1 });
  fc.assert(
    fc.property(fc.array(fc.nat(29), { maxLength: 12 }), (indices) => {
      const update = () =>
        optimiser.update(table, Int32Array.from(indices), new Float32Array(indices.length));
      if (new Set(indices).size === indices.length) update();
      else expect(update).toThrow('indices must be distinct');
    }),
  );
});

test.each([
  {
    make: () => sparseAdam(startTable(), { learningRate: -1 }),
    problem: 'learningRate must be a number from 0, got -1',
  },
  {
    make: () => sparseAdam(startTable(), { beta1: 1 }),
    problem: 'beta1 must be a number from 0 and below 1, got 1',
  },
  {
    make: () => sparseAdam(startTable(), { beta2: -0.1 }),
    problem: 'beta2 must be a number from 0 and below 1, got -0.1',
  },
  {
    make: () => sparseAdam(startTable(), { epsilon: 0 }),
    problem: 'epsilon must be a number above 0, got 0',
  },
  {
    make: () => sparseAdamW(startTable(), { weightDecay: -1 }),
    problem: 'weightDecay must be a number from 0, got -1',
  },
  {
    make: () => sparseAdaGrad(startTable(), { learningRate: Infinity }),
    problem: 'learningRate must be a number from 0, got Infinity',
  },
  {
    make: () => sparseAdamW(startTable(), { skipped: 'catchup' as 'catch-up' }),
    problem: 'skipped must be one of "keep", "decay", "catch-up", got "catchup"',
  },
  {
    make: () => sparseAdaGrad(startTable(), { epsilon: Number.NaN }),
    problem: 'epsilon must be a number above 0, got NaN',
  },
])('refuses: $problem', ({ make, problem }) => {
  let thrown: unknown;
  try {
    make();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toEqual(new RangeError(problem));
  expect(isActionable(thrown)).toBe(true);
});
