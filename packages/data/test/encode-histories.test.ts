import { encodeHistories, fromInteractions, type IdHistory, indexOfIds } from '@rodpo/data';
import { isActionable } from '@rodpo/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const itemIds = ['10', '2', 'cup', '07'];

test('ids become indices, with their times; what is not known is left out and counted', () => {
  const encoded = encodeHistories(itemIds, [
    { items: ['cup', 'pot', 2, 10n, 'pot'], times: [1, 2, 3, 4, 5] },
    { items: [7, '07'] },
    { items: ['jam'] },
    { items: [] },
  ]);

  expect(encoded).toEqual({
    histories: [
      { items: Int32Array.of(2, 1, 0), times: Float64Array.of(1, 3, 4) },
      { items: Int32Array.of(3) },
      { items: Int32Array.of() },
      { items: Int32Array.of() },
    ],
    unknownCounts: Int32Array.of(2, 1, 1, 0),
    unknownIds: new Map([
      ['pot', 2],
      ['7', 1],
      ['jam', 1],
    ]),
  });
});

test('the histories of a dataset come back as its sequences', () => {
  const id = fc.oneof(
    fc.nat(9),
    fc.nat(9).map((number) => `i${number}`),
  );
  const rows = fc.array(fc.record({ user: fc.nat(3), item: id, time: fc.nat(5) }));

  fc.assert(
    fc.property(rows, (all) => {
      const { dataset } = fromInteractions(all);
      const named = [...dataset.sequences].map(
        (own, user): IdHistory => ({
          items: Array.from(own, (item) => dataset.itemIds[item]!),
          times: dataset.times!.at(user)!,
        }),
      );
      fc.pre(all.length > 0);
      const { histories, unknownIds } = encodeHistories(indexOfIds(dataset.itemIds), named);

      expect(histories.map(({ items }) => items)).toEqual(dataset.sequences);
      expect(histories.map(({ times }) => times)).toEqual(dataset.times);
      expect(unknownIds.size).toBe(0);
    }),
  );
});

test('ids of an object that everything has are not known', () => {
  const { unknownIds } = encodeHistories(itemIds, [{ items: ['constructor', '__proto__'] }]);

  expect([...unknownIds.keys()]).toEqual(['constructor', '__proto__']);
});

test.each<[string, () => unknown, string]>([
  [
    'an id that is none',
    () => encodeHistories(itemIds, [{ items: ['cup'] }, { items: ['cup', Number.NaN] }]),
    'histories[1].items[1] must be an id: ',
  ],
  ['a null', () => encodeHistories(itemIds, [{ items: [null as never] }]), 'got "null"'],
  [
    'too few times',
    () => encodeHistories(itemIds, [{ items: ['cup', 'cup'], times: [1] }]),
    'histories[0].times must have one entry for each of its 2 items, got 1',
  ],
  ['an id twice', () => indexOfIds(['a', 'b', 'a']), 'got "a" at 0 and 2'],
])('%s is refused, with where it is', (_, act, message) => {
  let thrown: unknown;
  try {
    act();
  } catch (error) {
    thrown = error;
  }

  expect(thrown).toBeInstanceOf(RangeError);
  expect((thrown as Error).message).toContain(message);
  expect(isActionable(thrown)).toBe(true);
});
