import '@tensorflow/tfjs';
import { hm4srEncoder, type SequenceEncoder, transformerEncoder } from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { rowsInMemory } from '../src/rows/row-source.ts';
import { presentOf, vectorsOf } from '../src/steps/features.ts';
import { compiledEngine, type Engine } from '../src/workspace/engine.ts';
import { rowsBetween, specsOf, splitRows } from '../src/workspace/item-rows.ts';
import { createItemTable } from '../src/workspace/item-table.ts';

beforeAll(async () => void (await setBackend('cpu')));

const itemCount = 17;
const random = seededRandom(2);
const text = rowsInMemory({
  shape: [itemCount, 5],
  data: Float32Array.from({ length: itemCount * 5 }, random),
});
const present = rowsInMemory({
  shape: [itemCount],
  data: Float32Array.from({ length: itemCount }, (_, item) => (item % 3 === 1 ? 0 : 1)),
});
const features = { [vectorsOf('text')]: text, [presentOf('text')]: present };
const { array: _, ...read } = text;
const readFeatures = { ...features, [vectorsOf('text')]: read };
const sizes = { itemCount, maxLength: 4, dimension: 8, blockCount: 1, headCount: 2 };
const streams = { vectors: { text: 5 } };

const encoders: [string, SequenceEncoder][] = [
  ['ids alone', transformerEncoder(sizes)],
  ...(['early', 'gated', 'late'] as const).map((fusion): [string, SequenceEncoder] => [
    `ids and text, ${fusion}`,
    transformerEncoder({ ...sizes, streams: { ...streams, id: true }, fusion }),
  ]),
  ['text alone', transformerEncoder({ ...sizes, streams: { ...streams, id: false } })],
  ['HM4SR', hm4srEncoder({ ...sizes, vectors: { text: 5 }, temporal: null })],
];

const given = [
  ['in memory', features],
  ['read as they are needed', readFeatures],
] as const;
const each = encoders.flatMap(([name, encoder]) =>
  given.map(([where, own]) => [name, where, encoder, own] as const),
);

test.each(each)(
  '%s, vectors %s: those in blocks are those of all items at once',
  async (...args) => {
    const [, , encoder, given] = args;
    const engine = compiledEngine({ threads: 1 });
    const weights = encoder.initialize(gaussianRandom(seededRandom(1)));
    const { rowParameters, ...unknown } = encoder;
    expect(rowParameters).toBeDefined();
    // However small the blocks are: without names of rows there is nothing to cut.
    const whole = await createItemTable(engine, { encoder: unknown, features }, weights, 5);
    const blocks = await createItemTable(engine, { encoder, features: given }, weights, 5);
    const other = encoder.initialize(gaussianRandom(seededRandom(9)));

    for (const own of [weights, other]) {
      const [expected, found] = [await whole.vectors(own), await blocks.vectors(own)];
      expect(found.shape).toEqual([itemCount, encoder.width]);
      expect(expected.shape).toEqual(found.shape);
      for (const [index, value] of found.data.entries()) {
        expect(value).toBeCloseTo(expected.data[index]!, 5);
      }
    }
    await whole.dispose();
    await blocks.dispose();
  },
);

test('an encoder that keeps no rows of items, of which nothing is known, has a table', async () => {
  const encoder = transformerEncoder(sizes);
  const compiled = compiledEngine({ threads: 1 });
  let freed = 0;
  const engine: Engine = {
    name: compiled.name,
    program: async (step, options) => {
      const program = await compiled.program(step, options);
      const { dispose } = program;
      program.dispose = async () => {
        freed++;
        await dispose.call(program);
      };
      return program;
    },
  };
  const weights = encoder.initialize(gaussianRandom(seededRandom(1)));
  const rowless = { ...encoder, rowParameters: [] };
  const table = await createItemTable(engine, { encoder: rowless, features: {} }, weights);
  const expected = await createItemTable(engine, { encoder, features: {} }, weights);

  expect(await table.vectors(weights)).toEqual(await expected.vectors(weights));
  await table.dispose();
  expect(freed).toBe(1);
  await expected.dispose();
});

test('without names of row parameters, all are others', () => {
  const arrays = { a: { shape: [2, 1], data: Float32Array.of(1, 2) } };
  const { rowParameters: _, ...unknown } = transformerEncoder(sizes);
  expect(splitRows(unknown, arrays)).toEqual({ rows: {}, others: arrays });
  expect(splitRows({ ...unknown, rowParameters: ['a'] }, arrays)).toEqual({
    rows: arrays,
    others: {},
  });
});

test('rows between two places have the shape of so many', () => {
  const arrays = { a: { shape: [4, 2], data: Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8) } };
  const part = rowsBetween(arrays, 1, 3);
  expect(part).toEqual({ a: { shape: [2, 2], data: Int32Array.of(3, 4, 5, 6) } });
  expect(specsOf(part)).toEqual({ a: { shape: [2, 2], dtype: 'int32' } });
});
