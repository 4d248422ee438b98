import {
  type EmbeddingTable,
  embeddingTable,
  type RowOptimiser,
  sparseAdaGrad,
  sparseAdam,
  sparseAdamW,
} from '@rodpo/embeddings';
import type { NamedArray, NamedArrays } from '@rodpo/files';
import { expect, expectTypeOf, test } from 'vitest';

// What is tested is the types, by the type-check; that it also runs shows that they tell the truth.

test('a table may be shared or not, to the types', () => {
  const table = embeddingTable({ rows: 2, width: 1 });
  const values = Float32Array.of(1, 2);

  expectTypeOf(table).toEqualTypeOf<EmbeddingTable>();
  expectTypeOf(table.values).toEqualTypeOf<Float32Array>();
  expect(embeddingTable({ rows: 2, width: 1, values }).values).toBe(values);
});

test('all optimisers are of one type, and their state is what files keep', () => {
  const table = embeddingTable({ rows: 2, width: 1 });
  const optimisers = [sparseAdam(table), sparseAdamW(table), sparseAdaGrad(table)];

  expectTypeOf(optimisers).toEqualTypeOf<RowOptimiser[]>();
  expectTypeOf<RowOptimiser['state']>().returns.toEqualTypeOf<Record<string, NamedArray>>();
  expectTypeOf<RowOptimiser['load']>().parameter(0).toEqualTypeOf<NamedArrays>();
  // @ts-expect-error: an optimiser counts its own steps
  expect(() => optimisers[0]!.steps++).toThrow(TypeError);
  // @ts-expect-error: moments wait or decay
  expect(() => sparseAdam(table, { skipped: 'forget' })).toThrow(RangeError);
});
