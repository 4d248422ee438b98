import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Embedder,
  type ExtractionReport,
  extract,
  type Item,
  type ItemSource,
  itemList,
} from '@rodpo/features';
import { expect, expectTypeOf, onTestFinished, test } from 'vitest';

// What is tested is the types, by the type-check; that it also runs shows that they tell the truth.

const lengths: Embedder<string, number> = {
  dimension: 1,
  description: { model: 'lengths', revision: '1' },
  prepare: async (text) => text.length,
  embed: async (batch) => Float32Array.from(batch),
  dispose: async () => {},
};

test('a catalogue and an embedder meet in the kind of input', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'types-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const texts = itemList([{ id: 'a', input: 'tea' }]);
  const numbers: ItemSource<number> = itemList([{ id: 'a', input: 3 }]);

  expectTypeOf(texts).toEqualTypeOf<ItemSource<string>>();
  expectTypeOf(await texts.read(0, 1)).toEqualTypeOf<readonly Item<string>[]>();
  const report = await extract(texts, lengths, { folder: join(folder, 'store') });
  expectTypeOf(report).toEqualTypeOf<ExtractionReport>();
  expect(report.embeddedCount).toBe(1);
  // @ts-expect-error: it embeds texts
  const wrong = () => extract(numbers, lengths, { folder });
  expect(wrong).toBeTypeOf('function');
});

test('what an embedder prepares is what it embeds', () => {
  expectTypeOf(lengths.embed).parameter(0).toEqualTypeOf<readonly number[]>();
  expectTypeOf<Embedder<string>['prepare']>().returns.resolves.toEqualTypeOf<unknown>();
});
