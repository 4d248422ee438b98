import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ReadParquetVectorsOptions,
  readParquetVectors,
  type VectorBlock,
  VectorFileError,
} from '@rodpo/features';
import { expect, test } from 'vitest';
import { golden, goldenFile } from './golden.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function read(
  file: string,
  options: ReadParquetVectorsOptions = {},
): Promise<{ blocks: VectorBlock[]; ids: string[]; rows: (number[] | null)[] }> {
  const blocks: VectorBlock[] = [];
  for await (const block of readParquetVectors(file, options)) blocks.push(block);
  const rows = blocks.flatMap(({ ids, dimension, vectors, present }) => {
    expect(vectors).toHaveLength(ids.length * dimension);
    expect(present).toHaveLength(ids.length);
    return ids.map((_, row) => {
      const vector = [...vectors.subarray(row * dimension, (row + 1) * dimension)];
      if (present[row] === 0) expect(vector).toEqual(Array(dimension).fill(0));
      return present[row] ? vector : null;
    });
  });
  return { blocks, ids: blocks.flatMap(({ ids }) => ids), rows };
}

test.each([
  'list-float.parquet', // SNAPPY
  'list-double.parquet', // GZIP
  'fixed-size-list.parquet', // not compressed
  'half.parquet',
  'large-list.parquet', // BROTLI, dictionary strings
  'split-streams.parquet', // BYTE_STREAM_SPLIT, data pages of version 2
])('reads %s as pyarrow wrote it, null as absent', async (name) => {
  const { ids, rows } = await read(goldenFile(name));

  expect(ids).toEqual(['a', 'b', 'c', 'd']);
  expect(rows).toEqual(golden.vectors);
});

test('gives one block for each row group', async () => {
  const { blocks } = await read(goldenFile('list-float.parquet'));

  expect(blocks.map(({ ids }) => ids)).toEqual([['a', 'b', 'c'], ['d']]);
  expect(blocks.map(({ dimension }) => dimension)).toEqual([3, 3]);
});

test('groups before the first vector wait for it to tell the dimension', async () => {
  const { blocks, rows } = await read(goldenFile('late.parquet'));

  expect(blocks.map(({ ids }) => ids)).toEqual([['a'], ['b'], ['c'], ['d']]);
  expect(rows).toEqual([null, null, [1, 2], null]);
});

test('reads columns of other names', async () => {
  const { rows } = await read(goldenFile('other-names.parquet'), { id: 'asin', vector: 'clip' });

  expect(rows).toEqual(golden.vectors);
});

test.each([
  ['integers.parquet', ['7', '1152921504606846977', '0', '-3']], // 2^60 + 1, past float64's integers
  ['unsigned.parquet', ['7', '9223372036854775813', '0', '3']], // 2^63 + 5
  ['small-integers.parquet', ['7', '8', '0', '-3']],
])('integer ids of %s become exact decimal strings', async (name, ids) => {
  expect((await read(goldenFile(name))).ids).toEqual(ids);
});

test('a file without rows gives no block', async () => {
  expect((await read(goldenFile('empty.parquet'))).blocks).toEqual([]);
});

test('compressors of the caller are used', async () => {
  const asked: number[] = [];
  const lz4 = (_: Uint8Array, outputLength: number) => {
    asked.push(outputLength);
    throw new Error('called');
  };
  const act = read(goldenFile('lz4.parquet'), { compressors: { LZ4_RAW: lz4 } });

  await expect(act).rejects.toThrow(/damaged one: "called"/);
  expect(asked.every((length) => length > 0)).toBe(true);
  expect(asked).not.toEqual([]);
});

test('a compression that is not known is named, with what to do', async () => {
  await expect(read(goldenFile('lz4.parquet'))).rejects.toThrow(
    /column "item_id" is compressed with LZ4_RAW; undone here are UNCOMPRESSED, SNAPPY, GZIP, BROTLI.*Pass compressors, those of hyparquet-compressors/,
  );
});

test('ZSTD is read where Node can undo it, and refused in words elsewhere', async () => {
  const act = read(goldenFile('zstd.parquet'));
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];

  const isKnown = major > 23 || (major === 23 && minor >= 8) || (major === 22 && minor >= 15);
  if (isKnown) expect((await act).rows).toEqual(golden.vectors);
  else await expect(act).rejects.toThrow(/compressed with ZSTD/);
});

test.each([
  ['refused-ragged.parquet', /row 3 has a vector of 3 values, those before have 2/],
  ['refused-null-value.parquet', /row 2 has a null at value 1 of its vector/],
  ['refused-no-values.parquet', /row 1 has a vector of no values/],
  ['refused-range.parquet', /row 1 holds 1e\+39, beyond the range of float32/],
  ['refused-integers.parquet', /"embedding" is LIST of INT32; vectors are lists of FLOAT/],
  ['refused-nested.parquet', /"embedding" is LIST of LIST of FLOAT; vectors are lists/],
  ['refused-scalars.parquet', /"embedding" is FLOAT; vectors are lists/],
  ['refused-nothing.parquet', /none of the 4 rows has a vector in "embedding"/],
  ['refused-null-id.parquet', /row 1 has no id/],
  ['refused-same-id.parquet', /id "b" is in row 1 and again in row 3/],
  ['refused-bytes-id.parquet', /"item_id" is BYTE_ARRAY; ids are strings or integers/],
  ['refused-float-id.parquet', /"item_id" is DOUBLE; ids are strings or integers/],
  ['refused-date-id.parquet', /"item_id" is DATE; ids are strings or integers/],
])('refuses %s', async (name, problem) => {
  const file = goldenFile(name);

  await expect(read(file)).rejects.toThrow(VectorFileError);
  await expect(read(file)).rejects.toThrow(problem);
  await expect(read(file)).rejects.toMatchObject({ file });
});

test('names the columns there are if one is missing', async () => {
  await expect(read(goldenFile('list-float.parquet'), { vector: 'clip' })).rejects.toThrow(
    'no column "clip"; there are "item_id", "price", "embedding"',
  );
});

test('whatever bytes are changed or cut off, the error is ours', async () => {
  const content = await readFile(goldenFile('list-double.parquet'));
  const file = join(await temporaryFolder(), 'damaged.parquet');
  let refused = 0;
  for (let at = 0; at < content.length; at += 7) {
    const changed = Buffer.from(content);
    changed[at]! ^= 0xff;
    for (const damaged of [changed, content.subarray(0, at)]) {
      await writeFile(file, damaged);
      await read(file).catch((error) => {
        expect(error).toBeInstanceOf(VectorFileError);
        refused++;
      });
    }
  }
  expect(refused).toBeGreaterThan(content.length / 7); // all that are cut, and some of the rest
}, 60_000);

test('a missing file is the system error', async () => {
  await expect(read(goldenFile('no-such.parquet'))).rejects.toMatchObject({ code: 'ENOENT' });
});
