import { seededRandom } from '@rodpo/random';
import { excludeChosen, excludeNothing, inBatch, itemLists } from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';
import { type ContractBatch, excludedItems } from '../any-batch.ts';
import { describeNegativeSampler } from '../negative-sampler-contract.ts';

const othersChosen = (batch: ContractBatch, row: number) => {
  const excluded = excludedItems(batch, row).add(batch.chosen[row]!);
  return new Set(batch.chosen.filter((item) => !excluded.has(item))).size;
};

describeNegativeSampler('inBatch', () => inBatch(), { available: othersChosen });
describeNegativeSampler('inBatch with replacement', () => inBatch({ replacement: true }), {
  available: othersChosen,
  replacement: true,
});

test('draws what other rows chose, as often as they did, never what its own row did', () => {
  const chosen = Int32Array.of(5, 7, 7, 5, 9);
  const batch = { rowCount: 5, chosen, excluded: itemLists([[], [9], [], [], [5, 7]]) };
  const all = inBatch().logProbabilities(
    batch,
    Int32Array.from({ length: 15 }, (_, index) => [5, 7, 9][index % 3]!),
    3,
  );

  expectAllClose(all.map(Math.exp), [
    ...[0, 2 / 3, 1 / 3], // row 3 chose 5 too: an accidental hit
    ...[1, 0, 0],
    ...[2 / 3, 0, 1 / 3],
    ...[0, 2 / 3, 1 / 3],
    ...[0, 0, 0],
  ]);
});

test('follows the batch it is given, not one before', () => {
  const sampler = inBatch();
  const draw = (...items: number[]) => {
    const chosen = Int32Array.from(items);
    const batch = { rowCount: items.length, chosen, excluded: excludeChosen(chosen) };
    return sampler.sample(batch, 1, seededRandom(1)).items;
  };

  expect(draw(100, 3)).toEqual(Int32Array.of(3, 100));
  expect(draw(0, 1)).toEqual(Int32Array.of(1, 0));
  expect(() => draw(4, 4)).toThrow(expect.objectContaining({ available: 0, row: 0 }));
});

test.each([
  [{}, 'This sampler needs the chosen items of the batch, got none'],
  [{ chosen: Int32Array.of(1) }, 'chosen must have one item per row, 2, got 1'],
  [{ chosen: Int32Array.of(1, -1) }, 'chosen must be items from 0, got -1 in row 1'],
])('rejects a batch with %j', (given, message) => {
  const batch = { rowCount: 2, excluded: excludeNothing(2), ...given };

  expect(() => inBatch().sample(batch, 1, Math.random)).toThrow(new RangeError(message));
});
