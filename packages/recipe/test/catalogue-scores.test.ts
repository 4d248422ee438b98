import type { Program } from '@rodpo/compile';
import { seededRandom } from '@rodpo/random';
import { setBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import '@tensorflow/tfjs';
import { tableOf } from '../src/rows/table-of.ts';
import { type CatalogueScores, catalogueScores } from '../src/workspace/catalogue-scores.ts';
import { compiledEngine, type Engine, eagerEngine } from '../src/workspace/engine.ts';
import { itemBlocks } from '../src/workspace/item-blocks.ts';

beforeAll(async () => void (await setBackend('cpu')));

test.each([
  [10, 4, 4, [0, 4, 6]],
  [12, 4, 4, [0, 4, 8]],
  [3, 4, 3, [0]],
  [2500, 1024, 834, [0, 834, 1666]],
])('%d items in blocks of at most %d: of %d, from %j', (itemCount, most, size, begins) => {
  expect(itemBlocks(itemCount, most)).toEqual({ size, begins });
});

// More items than three blocks hold, more users than one: small integers, so that scores are exact in
// any order of summing and many are equal.
const [itemCount, userCount, width] = [2500, 1030, 4];
const random = seededRandom(4);
const digits = (count: number) =>
  Float32Array.from({ length: count }, () => Math.floor(random() * 5) - 2);
const items = { shape: [itemCount, width], data: digits(itemCount * width) };
const users = digits(userCount * width);

const scoreOf = (user: number, item: number) => {
  let score = 0;
  for (let axis = 0; axis < width; axis++) {
    score += users[user * width + axis]! * items.data[item * width + axis]!;
  }
  return score;
};

describe.each([
  ['onnxruntime', () => compiledEngine({ threads: 1 })],
  ['tfjs', () => eagerEngine()],
] as const)('%s', (_, engine) => {
  let scores: CatalogueScores;
  beforeAll(() => {
    scores = catalogueScores(engine(), { itemCount, width, userCount });
  });
  afterAll(() => scores.dispose());

  test('pairs are dot products', async () => {
    const pairs = Array.from({ length: 2100 }, (__, pair) => ({
      user: (pair * 7) % userCount,
      item: (pair * 13) % itemCount,
    }));
    const found = await scores.pairs(
      {
        table: tableOf({ shape: [userCount, width], data: users }),
        indices: Int32Array.from(pairs, ({ user }) => user),
      },
      { table: tableOf(items), indices: Int32Array.from(pairs, ({ item }) => item) },
    );
    expect([...found]).toEqual(pairs.map(({ user, item }) => scoreOf(user, item)));
  });

  test('each item that reaches the goal counts once, in whatever block it is', async () => {
    const goals = Float32Array.from({ length: userCount }, (__, user) =>
      scoreOf(user, (user * 31) % itemCount),
    );
    const counts = await scores.counts(users, goals, items);
    const expected = Array.from(goals, (goal, user) => {
      let count = 0;
      for (let item = 0; item < itemCount; item++) if (scoreOf(user, item) >= goal) count++;
      return count;
    });
    expect([...counts]).toEqual(expected);
  });

  test('the best items are those of one sort, ties to the lower index', async () => {
    const asked = users.subarray(0, 40 * width);
    for (const count of [1, 7, 8, 1500]) {
      const best = await scores.best(asked, items, count);
      expect(best).toHaveLength(40);
      for (const user of count === 7 ? best.keys() : [0, 39]) {
        const order = Array.from({ length: itemCount }, (__, item) => item)
          .sort((a, b) => scoreOf(user, b) - scoreOf(user, a) || a - b)
          .slice(0, count);
        expect([...best[user]!.items]).toEqual(order);
        expect([...best[user]!.scores]).toEqual(order.map((item) => scoreOf(user, item)));
      }
    }
  });
});

test('asked for more than there are, all items are the best', async () => {
  const scores = catalogueScores(eagerEngine(), { itemCount: 3, width: 1, userCount: 1 });
  const three = { shape: [3, 1], data: Float32Array.of(2, 5, 3) };
  const [best] = await scores.best(Float32Array.of(1), three, 10);
  expect([...best!.items]).toEqual([1, 2, 0]);
  expect([...best!.scores]).toEqual([5, 3, 2]);
  await scores.dispose();
});

/** What programs are made for and how often each runs; they answer with zeros. */
function recordingEngine() {
  const programs: { users: number; items: number; runs: number }[] = [];
  const engine: Engine = {
    name: 'none',
    program: async (_, { inputs }) => {
      const made = { users: inputs.users!.shape[0]!, items: inputs.items!.shape[0]!, runs: 0 };
      programs.push(made);
      const run = async () => {
        made.runs++;
        const zeros = new Float32Array(made.users);
        return { scores: zeros, counts: zeros, items: new Int32Array(made.users) };
      };
      return { run, dispose: async () => {} } as Partial<Program> as Program;
    },
  };
  return { engine, programs };
}

test.each([
  [1, 2, 1],
  [300, 300, 1],
  [2048, 1024, 2],
])(
  'for %d users a program takes %d at a time and runs no more often than it must',
  async (...args) => {
    const [count, most, blocks] = args;
    const { engine, programs } = recordingEngine();
    const scores = catalogueScores(engine, { itemCount: 5000, width: 1, userCount: count });
    const table = { shape: [5000, 1], data: new Float32Array(5000) };
    const rows = { table: tableOf(table), indices: new Int32Array(count) };
    const vectors = new Float32Array(count);
    await scores.pairs(rows, rows);
    await scores.counts(vectors, new Float32Array(count), table);
    await scores.best(vectors, table, 10);
    await scores.best(vectors, table, 5000);

    // The best are merged outside of the program, where few blocks are better than small ones.
    expect(programs).toEqual([
      { users: most, items: most, runs: blocks },
      { users: most, items: 1000, runs: 5 * blocks },
      { users: most, items: 2500, runs: 2 * blocks },
      { users: most, items: 5000, runs: blocks },
    ]);
  },
);

test('lists of about as many items share a program', async () => {
  const made: string[] = [];
  const compiled = compiledEngine({ threads: 1 });
  const counting: Engine = {
    name: 'counting',
    program: (step, options) => {
      made.push(step.name);
      return compiled.program(step, options);
    },
  };
  const scores = catalogueScores(counting, { itemCount, width, userCount });

  for (let count = 10; count <= 30; count++) await scores.best(users, items, count);
  await scores.dispose();

  expect(made).toHaveLength(2); // of 16 and of 32
});
