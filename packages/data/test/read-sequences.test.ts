import { tmpdir } from 'node:os';
import { DataFormatError, readSequences } from '@rodpo/data';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFile } from './temporary-file.ts';

test('orders integer item ids numerically, and keeps the order of users', async () => {
  const path = temporaryFile('bob 10 9 10\n\nann\t9   100\n');

  expect(await readSequences(path)).toEqual({
    userIds: ['bob', 'ann'],
    itemIds: ['9', '10', '100'],
    sequences: [Int32Array.of(1, 0, 1), Int32Array.of(0, 2)],
  });
});

test('orders other item ids by first appearance', async () => {
  const dataset = await readSequences(temporaryFile('u1 10 b 9\nu2 a 10\n'));

  expect(dataset.itemIds).toEqual(['10', 'b', '9', 'a']);
  expect(dataset.sequences).toEqual([Int32Array.of(0, 1, 2), Int32Array.of(3, 0)]);
});

test('tells integers beyond 2^53 and negative ones apart', async () => {
  const dataset = await readSequences(temporaryFile('u 9007199254740993 9007199254740992 -2 7 07'));

  expect(dataset.itemIds).toEqual(['-2', '7', '07', '9007199254740992', '9007199254740993']);
});

test('accepts Windows line ends, a byte order mark and a missing last line end', async () => {
  const dataset = await readSequences(temporaryFile('\uFEFFu 1 2\r\nv 2 3'));

  expect(dataset.userIds).toEqual(['u', 'v']);
  expect(dataset.sequences).toEqual([Int32Array.of(0, 1), Int32Array.of(1, 2)]);
});

test('an empty file is an empty dataset', async () => {
  expect(await readSequences(temporaryFile('\n  \n'))).toEqual({
    userIds: [],
    itemIds: [],
    sequences: [],
  });
});

test('reads back whatever was written', async () => {
  const item = fc.oneof(fc.nat(20).map(String), fc.constantFrom('a', 'b', 'c'));
  const lines = fc.array(fc.array(item, { minLength: 1, maxLength: 6 }), { maxLength: 8 });

  await fc.assert(
    fc.asyncProperty(lines, async (sequences) => {
      const text = sequences.map((items, user) => `user${user} ${items.join(' ')}\n`).join('');
      const dataset = await readSequences(temporaryFile(text));
      const named = [...dataset.sequences].map((own) =>
        Array.from(own, (i) => dataset.itemIds[i]!),
      );

      expect(named).toEqual(sequences);
      expect(new Set(dataset.itemIds).size).toBe(dataset.itemIds.length);
    }),
    { numRuns: 25 },
  );
});

test('reports a repeated user with both lines', async () => {
  const path = temporaryFile('u 1\n\nv 2\nu 3\n');
  const reading = readSequences(path);

  await expect(reading).rejects.toThrow(
    `${path}:4: expected one line per user, got user "u" again (first on line 1). Join`,
  );
  await expect(reading).rejects.toBeInstanceOf(DataFormatError);
  await expect(reading).rejects.toMatchObject({ name: 'TextFormatError', file: path, line: 4 });
});

test('reports a user without items', async () => {
  const path = temporaryFile('u 1\nv\n');

  await expect(readSequences(path)).rejects.toThrow(
    `${path}:2: expected "user item item …", got user "v" without items. Remove the line.`,
  );
});

test('passes on the errors of the file system', async () => {
  await expect(readSequences('no-such-file')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(readSequences(tmpdir())).rejects.toMatchObject({ code: 'EISDIR' });
});
