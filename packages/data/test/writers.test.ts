import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  readInter,
  readSequences,
  readTable,
  type SequenceDataset,
  writeInter,
  writeParquet,
  writeSequences,
} from '../src/index.ts';
import { naiveDataset } from './tables/naive-dataset.ts';
import { temporaryFolder } from './temporary-file.ts';

const tables = (id: fc.Arbitrary<string>) =>
  fc.array(
    fc.record({ user: id, item: id, time: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    {
      minLength: 1,
      maxLength: 30,
    },
  );
const columns = { user: 'user', item: 'item', time: 'time' };

/** A file has rows, so users come by their first one and not by their index. */
function asWritten({ userIds, itemIds, sequences, times }: SequenceDataset): SequenceDataset {
  const rows = [...sequences].flatMap((sequence, user) =>
    [...sequence].map((item, place) => ({
      user: userIds[user]!,
      item: itemIds[item]!,
      time: times ? times.at(user)![place]! : 0,
    })),
  );
  return naiveDataset(rows, { hasTimes: times !== undefined });
}

const plain = fc.stringMatching(/^[a-z0-9"',é:]{1,6}$/);

test('an atomic file gives the dataset that was written', async () => {
  await fc.assert(
    fc.asyncProperty(tables(fc.stringMatching(/^[a-z0-9"', é:]{1,6}$/)), async (rows) => {
      const path = join(temporaryFolder(), 'shop.inter');
      const dataset = naiveDataset(rows);
      await writeInter(path, dataset);

      expect(await readInter(path)).toEqual(asWritten(dataset));
    }),
    { numRuns: 25 },
  );
});

test('lines of sequences give the dataset that was written', async () => {
  await fc.assert(
    fc.asyncProperty(tables(plain), async (rows) => {
      const path = join(temporaryFolder(), 'shop.txt');
      const { times: _, ...dataset } = naiveDataset(rows);
      await writeSequences(path, dataset);

      expect(await readSequences(path)).toEqual(asWritten(dataset));
    }),
    { numRuns: 25 },
  );
});

test('Parquet gives the dataset that was written, whatever ids hold', async () => {
  await fc.assert(
    fc.asyncProperty(
      tables(fc.string({ minLength: 1, maxLength: 6, unit: 'binary' })),
      async (rows) => {
        const path = join(temporaryFolder(), 'shop.parquet');
        const dataset = naiveDataset(rows);
        await writeParquet(path, dataset);

        expect((await readTable(path, { columns })).dataset).toEqual(asWritten(dataset));
      },
    ),
    { numRuns: 10 },
  );
});

const breaking: SequenceDataset = {
  userIds: ['ann lee'],
  itemIds: ['te\ta'],
  sequences: [Int32Array.of(0)],
};

test.each([
  ['writeInter', writeInter, /got "te\\ta": an atomic file keeps no tabulators/],
  ['writeSequences', writeSequences, /got "ann lee": lines of sequences keep no white space/],
])('%s: an id that would be two is refused, and nothing is written', async (_, write, message) => {
  const folder = temporaryFolder();

  await expect(write(join(folder, 'shop'), breaking)).rejects.toThrow(message);
  expect(readdirSync(folder)).toEqual([]);
});

test('Parquet that cannot be written leaves nothing behind', async () => {
  const folder = join(temporaryFolder(), 'missing');

  await expect(writeParquet(join(folder, 'shop.parquet'), breaking)).rejects.toThrow();
  expect(existsSync(folder)).toBe(false);
});
