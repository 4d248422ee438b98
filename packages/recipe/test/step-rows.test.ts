import type { Program, RunOptions, TypedArray } from '@rodpo/compile';
import { embeddingTable, type RowOptimiser } from '@rodpo/embeddings';
import type { NamedArray } from '@rodpo/files';
import { expect, test } from 'vitest';
import { type HostRowsOptions, withHostRows } from '../src/rows/host-rows.ts';
import { arraysOf, rowsInMemory } from '../src/rows/row-source.ts';

type Arrays = Record<string, TypedArray>;

/** A program that answers what it is told to, and keeps what it was asked. */
function fakeProgram(answer: Arrays) {
  const asked: { inputs: Arrays; place?: RunOptions }[] = [];
  const loaded: Record<string, NamedArray>[] = [];
  const calls: string[] = [];
  const program = {
    engine: 'fake',
    run: async (inputs: Arrays, place?: RunOptions) => {
      // The arrays are written to again by the next run.
      const copies = Object.entries(inputs).map(([name, data]) => [name, data.slice()] as const);
      asked.push({ inputs: Object.fromEntries(copies), ...(place && { place }) });
      return answer;
    },
    state: async () => ({ 'weights.bias': { shape: [1], data: Float32Array.of(9) } }),
    load: (state: Record<string, NamedArray>) => void loaded.push(state),
    assignVariables: () => void calls.push('assign'),
    dispose: async () => void calls.push('dispose'),
  };
  return { program: program as unknown as Program, asked, loaded, calls };
}

/** A row optimiser that notes what it is to follow. */
function noted() {
  const updates: { rows: number[]; gradients: number[]; learningRate: number | undefined }[] = [];
  const loaded: unknown[] = [];
  const settled: (number[] | 'all')[] = [];
  const optimiser: Omit<RowOptimiser, 'steps'> = {
    settle: (_, rows) => void settled.push(rows ? [...rows] : 'all'),
    update: (_, rows, gradients, { learningRate } = {}) => {
      updates.push({ rows: [...rows], gradients: [...gradients], learningRate });
    },
    state: () => ({ m: { shape: [1], data: Float32Array.of(7) } }),
    load: (state) => void loaded.push(state),
  };
  return { optimiser: { steps: 0, ...optimiser }, updates, loaded, settled };
}

const tokens = { shape: [4], dtype: 'int32' } as const;
// Rows of two numbers, whose first is the item.
const values = () => Float32Array.from({ length: 12 }, (_, index) => (index % 2 ? 0.5 : index / 2));

function hosted(answer: Arrays, changes: Partial<HostRowsOptions> = {}) {
  const fake = fakeProgram(answer);
  const { optimiser, ...follower } = noted();
  const table = embeddingTable({ rows: 6, width: 2, values: values() });
  const rows = withHostRows(fake.program, {
    inputs: { items: tokens, targets: tokens, segments: tokens, negatives: tokens },
    itemCount: 6,
    capacity: 6,
    trained: { items: { table, optimiser } },
    constants: {},
    learningRate: 0.25,
    ...changes,
  });
  return { rows, table, fake, follower };
}

const gradients = { 'rowGradients.items': Float32Array.of(1, 2, 3, 4) };
const inputs = {
  items: Int32Array.of(4, 2, 0, 5),
  targets: Int32Array.of(2, 4, 3, 5),
  segments: Int32Array.of(1, 1, 0, 0),
  negatives: Int32Array.of(5, -1, 4, 5),
  weights: Float32Array.of(1, 1, 0, 0),
};

test('a step gets the rows of the items that it names, under numbers of its own', async () => {
  const { rows, fake } = hosted(gradients);
  await rows.run(inputs, { seed: 3, step: 8 });
  const [{ inputs: given, place }] = fake.asked as [(typeof fake.asked)[number]];

  const shown = given['rows.items']!;
  const itemAt = (number: number) => shown[2 * number]!;
  for (const name of ['items', 'targets'] as const) {
    const own = [...given[name]!];
    expect(own.slice(0, 2).map(itemAt)).toEqual([...inputs[name]].slice(0, 2));
    // What is padding has the last row, which is that of no item.
    expect(own.slice(2)).toEqual([5, 5]);
  }
  expect([...given.negatives!].map((number) => (number < 0 ? number : itemAt(number)))).toEqual([
    5, -1, 4, 5,
  ]);
  expect([...shown.slice(10)]).toEqual([0, 0]);
  expect(given.weights).toEqual(inputs.weights);
  expect(place).toEqual({ seed: 3, step: 8 });
});

test('the rows that a step named follow their gradients, and nothing else comes out', async () => {
  const { rows, follower } = hosted({ ...gradients, loss: Float32Array.of(2) });
  const outputs = await rows.run(inputs);

  expect(follower.updates).toEqual([
    { rows: expect.anything(), gradients: [1, 2, 3, 4], learningRate: 0.25 },
  ]);
  expect(follower.updates[0]!.rows.sort()).toEqual([2, 4, 5]);
  expect(outputs).toEqual({ loss: Float32Array.of(2) });
});

test('a step that tells its learning rate is followed at that', async () => {
  const { rows, follower } = hosted({ ...gradients, learningRate: Float32Array.of(0.125) });
  await rows.run(inputs);

  expect(follower.updates[0]!.learningRate).toBe(0.125);
});

test('negatives come out by their items; what is none stays', async () => {
  const { rows, follower } = hosted({ ...gradients, negatives: Int32Array.of(0, -1, 2, 1) });
  const { negatives } = await rows.run(inputs);

  const named = follower.updates[0]!.rows;
  expect([...negatives!]).toEqual([named[0], -1, named[2], named[1]]);
});

test('each run numbers anew', async () => {
  const { rows, follower } = hosted(gradients);
  await rows.run(inputs);
  await rows.run({ ...inputs, items: Int32Array.of(3, 1, 0, 0) });

  expect(follower.updates[1]!.rows.sort()).toEqual([1, 2, 3, 4, 5]);
});

test('a step may name every item that there is room for', async () => {
  const every = { items: Int32Array.of(0, 1, 2, 3), targets: Int32Array.of(4, 4, 4, 4) };
  const full = {
    ...inputs,
    ...every,
    negatives: Int32Array.of(4, -1, 0, 0),
    segments: Int32Array.of(1, 1, 1, 1),
  };
  const { rows } = hosted(gradients);

  await expect(rows.run(full)).resolves.toEqual({});
  const narrow = hosted(gradients, { capacity: 5 }).rows;
  await expect(narrow.run(full)).rejects.toThrow('A step names more than 4 items.');
});

test('other numbers of items come along, each with its shape', async () => {
  const array = { shape: [6, 1, 3], data: Float32Array.from({ length: 18 }, (_, n) => 100 + n) };
  const { rows, fake } = hosted(gradients, { constants: { vectors: rowsInMemory(array) } });
  await rows.run(inputs);
  const given = fake.asked[0]!.inputs;

  expect(given.vectors).toHaveLength(6 * 3);
  const first = given.items![0]!;
  expect([...given.vectors!.slice(3 * first, 3 * first + 3)]).toEqual([112, 113, 114]);
});

test('state lends the table, with the moments of its rows beside what the program has', async () => {
  const { rows, table } = hosted(gradients);
  const state = await rows.state();

  expect(Object.keys(state).sort()).toEqual([
    'optimiser.rows.items.m',
    'weights.bias',
    'weights.items',
  ]);
  expect(state['weights.items']).toEqual({ shape: [6, 2], data: table.values });
  expect(state['weights.items']!.data).toBe(table.values);
});

test('rows are brought up to date before a step reads them and before a state is read, not for a checkpoint', async () => {
  const { rows, follower, fake } = hosted(gradients);
  await rows.run(inputs);
  expect(follower.settled).toEqual([[2, 4, 5]]);
  expect(fake.asked).toHaveLength(1);

  const kept = await rows.asItStands!();
  expect(follower.settled).toHaveLength(1);
  expect(await rows.state()).toEqual(kept);
  expect(follower.settled).toEqual([[2, 4, 5], 'all']);
});

test('a state is loaded in parts: rows here, the rest by the program', async () => {
  const { rows, table, fake, follower } = hosted(gradients);
  const bias = { shape: [1], data: Float32Array.of(3) };
  const m = { shape: [1], data: Float32Array.of(5) };
  const data = Float32Array.from({ length: 12 }, (_, index) => -index);
  rows.load({
    'weights.bias': bias,
    'weights.items': { shape: [6, 2], data },
    'optimiser.rows.items.m': m,
  });

  expect([...table.values]).toEqual([...data]);
  expect(follower.loaded).toEqual([{ m }]);
  expect(fake.loaded).toEqual([{ 'weights.bias': bias }]);
});

test('weights alone leave the rows and their moments as they are', async () => {
  const { rows, table, follower } = hosted(gradients);
  rows.load({ 'weights.bias': { shape: [1], data: Float32Array.of(3) } });

  expect(table.values).toEqual(values());
  expect(follower.loaded).toEqual([]);
});

test('what else is asked of it, the program does', async () => {
  const { rows, fake } = hosted(gradients);
  rows.assignVariables();
  await rows.dispose();

  expect(fake.calls).toEqual(['assign', 'dispose']);
});

test('rows that are not in memory cannot be carried by a program', () => {
  const array = { shape: [2, 1], data: Float32Array.of(1, 2) };
  const read = { shape: [2, 1], gather: () => undefined };

  expect(arraysOf({ a: rowsInMemory(array) })).toEqual({ a: array });
  expect(() => arraysOf({ a: rowsInMemory(array), b: read })).toThrow(
    "the rows of 'b' are not in memory",
  );
});
