import { DataFormatError, readInter } from '@rodpo/data';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFile } from './temporary-file.ts';

/** `rows` as a file with RecBole's usual header: user, item, timestamp. */
const interFile = (...rows: (string | number)[][]) =>
  temporaryFile(
    ['user_id:token\titem_id:token\ttimestamp:float', ...rows.map((row) => row.join('\t'))].join(
      '\n',
    ),
  );

test('sorts each user by time and keeps users in order of appearance', async () => {
  const path = interFile(['v', 'x', 3], ['u', 'y', 9], ['v', 'y', 1], ['u', 'z', 2.5]);

  expect(await readInter(path)).toEqual({
    userIds: ['v', 'u'],
    itemIds: ['x', 'y', 'z'],
    sequences: [Int32Array.of(1, 0), Int32Array.of(2, 1)],
    times: [Float64Array.of(1, 3), Float64Array.of(2.5, 9)],
  });
});

test('times are kept to the last digit that a file can say', async () => {
  // 2^53 - 1, and seconds since 1970 with a fraction: both need more than 32 bits.
  const path = interFile(['u', 'a', '881250949.0625'], ['u', 'b', '9007199254740991']);

  expect((await readInter(path)).times).toEqual([
    Float64Array.of(881250949.0625, 9007199254740991),
  ]);
});

test('ties keep the order of the file', async () => {
  const path = interFile(['u', 'c', 5], ['u', 'a', 5], ['u', 'b', 4], ['u', 'd', 5]);
  const { itemIds, sequences } = await readInter(path);

  expect(Array.from(sequences.at(0)!, (item) => itemIds[item])).toEqual(['b', 'c', 'a', 'd']);
});

test('times stay with their items when items are put in numeric order', async () => {
  // By appearance 30, 4, 200; in order 4, 30, 200. By time 200, 30, 4.
  const path = interFile(['u', 30, 7], ['u', 4, 8], ['u', 200, 6]);
  const { itemIds, sequences, times } = await readInter(path);

  expect(itemIds).toEqual(['4', '30', '200']);
  expect(sequences).toEqual([Int32Array.of(2, 1, 0)]);
  expect(times).toEqual([Float64Array.of(6, 7, 8)]);
});

test('agrees with sorting all rows at once by user, then time, then line', async () => {
  const row = fc.tuple(fc.nat(4), fc.nat(9), fc.nat(3)); // ties are common

  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
      const { userIds, itemIds, sequences, times } = await readInter(interFile(...rows));
      const read = userIds.flatMap((user, index) =>
        Array.from(sequences.at(index)!, (item, place) => [
          user,
          itemIds[item]!,
          times!.at(index)![place]!,
        ]),
      );
      const firstLine = (user: number) => rows.findIndex((other) => other[0] === user);
      const sorted = rows
        .map((cells, line) => ({ cells, line }))
        .sort(
          (a, b) =>
            firstLine(a.cells[0]) - firstLine(b.cells[0]) ||
            a.cells[2] - b.cells[2] ||
            a.line - b.line,
        )
        .map(({ cells: [user, item, time] }) => [`${user}`, `${item}`, time]);

      expect(read).toEqual(sorted);
    }),
    { numRuns: 25 },
  );
});

test('takes other column names, in any order, among other columns', async () => {
  const path = temporaryFile(
    'rating:float\twhen:float\tsong:token\twho:token\n5\t2\t8\tu\n4\t1\t7\tu',
  );
  const dataset = await readInter(path, { user: 'who', item: 'song', time: 'when' });

  expect(dataset).toEqual({
    userIds: ['u'],
    itemIds: ['7', '8'],
    sequences: [Int32Array.of(0, 1)],
    times: [Float64Array.of(1, 2)],
  });
});

test('without a time column, keeps the order of the file and knows no times', async () => {
  const path = temporaryFile('user_id:token\titem_id:token\nu\tb\nv\ta\nu\ta\n');
  const dataset = await readInter(path);

  expect(dataset.sequences).toEqual([Int32Array.of(0, 1), Int32Array.of(1)]);
  expect(dataset).not.toHaveProperty('times');
});

const header = 'user_id:token\titem_id:token\ttimestamp:float';

test.each([
  ['no header', 'u\ti\t3', 1, 'got "u"'],
  ['an unknown type', 'user_id:token\titem_id:int', 1, 'got "item_id:int"'],
  ['an empty file', '', 1, 'got an empty file'],
  [
    'no user column',
    'item_id:token\ttimestamp:float',
    1,
    'column "user_id", got "item_id", "timest',
  ],
  ['a short row', `${header}\nu\ti\t3\nu\ti`, 3, 'expected 3 tab-separated columns, got 2'],
  ['a long row', `${header}\n\nu\ti\t3\t4`, 3, 'expected 3 tab-separated columns, got 4'],
  ['a word for a time', `${header}\nu\ti\tnoon`, 2, 'finite number, got "noon"'],
  ['an empty time', `${header}\nu\ti\t`, 2, 'finite number, got ""'],
  ['an infinite time', `${header}\nu\ti\tInfinity`, 2, 'finite number, got "Infinity"'],
  ['an empty user', `${header}\n\ti\t3`, 2, 'got user "" and item "i"'],
  ['an empty item', `${header}\nu\t\t3`, 2, 'got user "u" and item ""'],
])('reports %s', async (_name, text, line, message) => {
  const path = temporaryFile(text);
  const reading = readInter(path);

  await expect(reading).rejects.toBeInstanceOf(DataFormatError);
  await expect(reading).rejects.toMatchObject({ file: path, line });
  await expect(reading).rejects.toThrow(message);
  await expect(reading).rejects.toThrow(`${path}:${line}: expected `);
});

test('reports a time column that was asked for by name and is not there', async () => {
  await expect(readInter(temporaryFile(header), { time: 'when' })).rejects.toThrow(
    'expected a column "when", got "user_id", "item_id", "timestamp". Rename',
  );
});
