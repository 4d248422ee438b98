import { expect, test } from 'vitest';
import {
  type EmbeddingTable,
  embeddingTable,
  type RowOptimiser,
  sparseAdaGrad,
  sparseAdam,
} from '../src/index.ts';

// Above 2 ** 22 numbers rows are read ahead, 32 at a time: 70 are two times and a part of one.
const large = { rows: 2 ** 17, width: 33 };
const count = 70;
const touched = Int32Array.from({ length: count }, (_, n) => (n * 7919) % large.rows);
const small = { rows: count, width: large.width };
const inOrder = Int32Array.from({ length: count }, (_, n) => n);
const numbers = Float32Array.from({ length: count * large.width }, (_, n) => Math.sin(n));

/** Rows of a table after some updates. */
function trained(
  sizes: typeof large,
  rows: Int32Array,
  optimiser: (table: EmbeddingTable) => RowOptimiser,
): Float32Array {
  const table = embeddingTable(sizes);
  const own = optimiser(table);
  for (let step = 0; step < 3; step++) own.update(table, rows, numbers);
  const into = new Float32Array(count * sizes.width);
  table.gather(rows, into);
  return into;
}

test.each([
  ['Adam', (table: EmbeddingTable) => sparseAdam(table)],
  ['AdaGrad', (table: EmbeddingTable) => sparseAdaGrad(table)],
  ['AdaGrad by rows', (table: EmbeddingTable) => sparseAdaGrad(table, { rowWise: true })],
])('%s: rows of a large table move as those of a small one, to the bit', (_, optimiser) => {
  const expected = trained(small, inOrder, optimiser);

  expect(trained(large, touched, optimiser)).toEqual(expected);
  expect(expected.filter((number) => number === 0)).toHaveLength(1); // of sin(0)
});
