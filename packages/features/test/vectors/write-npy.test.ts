import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNpy, readNpyRows, writeNpy } from '@rodpo/features';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { golden, goldenFile } from './golden.ts';
import { temporaryFolder } from './temporary-folder.ts';

test.each(golden.saved)('writes what numpy.save does for $shape', async (saved) => {
  const file = join(await temporaryFolder(), 'vectors.npy');
  const values = Float32Array.from({ length: saved.shape[0] * saved.shape[1] }, (_, i) => i / 8);

  await writeNpy(file, saved.shape, [values]);

  const content = await readFile(file);
  expect(content.length).toBe(saved.bytes);
  expect(createHash('sha256').update(content).digest('hex')).toBe(saved.sha256);
});

test('copies a file block by block to the same bytes', async () => {
  const file = join(await temporaryFolder(), 'vectors.npy');
  const source = await readNpyRows(goldenFile('little-f4-C.npy'), { blockRows: 3 });

  await writeNpy(file, [source.rowCount, source.dimension], source.blocks);

  expect(await readFile(file)).toEqual(await readFile(goldenFile('little-f4-C.npy')));
});

test('a block may be used again, and may end within a row', async () => {
  const file = join(await temporaryFolder(), 'vectors.npy');
  function* blocks() {
    const block = new Float32Array(2);
    for (let at = 0; at < 6; at += 2) {
      block.set([at, at + 1]);
      yield block;
    }
  }

  await writeNpy(file, [2, 3], blocks());

  expect(await readNpy(file)).toEqual({ shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) });
});

test('what is written is read back, however it is cut', async () => {
  const file = join(await temporaryFolder(), 'vectors.npy');
  const float = fc.float({ noNaN: true });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(float, { maxLength: 5 })), async (blocks) => {
      const values = Float32Array.from(blocks.flat());
      await writeNpy(
        file,
        [values.length, 1],
        blocks.map((block) => Float32Array.from(block)),
      );
      expect(await readNpy(file)).toEqual({ shape: [values.length, 1], data: values });
    }),
    { numRuns: 30 },
  );
});

test.each([
  [[Float32Array.of(1, 2, 3)], /holds 4 values, the blocks hold only 3/],
  [[Float32Array.of(1, 2, 3), Float32Array.of(4, 5)], /holds 4 values, the blocks hold more/],
  [[], /the blocks hold only 0/],
])('refuses blocks that do not add up, and keeps the old file (%#)', async (blocks, problem) => {
  const folder = await temporaryFolder();
  const file = join(folder, 'vectors.npy');
  await writeFile(file, 'before');

  await expect(writeNpy(file, [2, 2], blocks)).rejects.toThrow(RangeError);
  await expect(writeNpy(file, [2, 2], blocks)).rejects.toThrow(problem);

  expect(await readdir(folder)).toEqual(['vectors.npy']);
  expect(await readFile(file, 'utf8')).toBe('before');
});

test('stops asking for blocks once there are too many', async () => {
  const file = join(await temporaryFolder(), 'vectors.npy');
  let asked = 0;
  function* endless() {
    for (;;) {
      asked++;
      yield new Float32Array(3);
    }
  }

  await expect(writeNpy(file, [2, 2], endless())).rejects.toThrow(/hold more/);
  expect(asked).toBe(2);
});

test('an aborted signal or a failing source leaves nothing behind', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'vectors.npy');
  const controller = new AbortController();
  function* aborting() {
    yield Float32Array.of(1, 2);
    controller.abort(new Error('enough'));
    yield Float32Array.of(3, 4);
  }
  function* failing() {
    yield Float32Array.of(1, 2);
    throw new Error('no more');
  }

  const { signal } = controller;
  await expect(writeNpy(file, [2, 2], aborting(), { signal })).rejects.toThrow('enough');
  await expect(writeNpy(file, [1, 1], [Float32Array.of(1)], { signal })).rejects.toThrow('enough');
  await expect(writeNpy(file, [2, 2], failing())).rejects.toThrow('no more');
  expect(await readdir(folder)).toEqual([]);
});

test('is not there under its name before it is complete', async () => {
  const folder = await temporaryFolder();
  const during: string[][] = [];
  async function* blocks() {
    yield Float32Array.of(1);
    during.push(await readdir(folder));
    yield Float32Array.of(2);
  }

  await writeNpy(join(folder, 'vectors.npy'), [2, 1], blocks());

  expect(during).toEqual([[expect.stringMatching(/^vectors\.npy\..+\.partial$/)]]);
  expect(await readdir(folder)).toEqual(['vectors.npy']);
});

test.each([[[-1, 2]], [[1.5, 2]], [[1, Number.NaN]]])('refuses the shape %j', async (shape) => {
  const file = join(await temporaryFolder(), 'vectors.npy');
  await expect(writeNpy(file, shape as [number, number], [])).rejects.toThrow(/integers from 0/);
});
