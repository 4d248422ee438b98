import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFirst } from '@rodpo/files';
import { expect, test } from 'vitest';

test('of many writers one is first, and nothing of the others is left', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'first-'));
  const file = join(folder, 'marker');
  const texts = Array.from({ length: 30 }, (_, index) => `${index}`.repeat(10_000));
  const wrote = await Promise.all(texts.map((text) => writeFirst(file, text)));

  expect(wrote.filter(Boolean)).toHaveLength(1);
  expect(await readFile(file, 'utf8')).toBe(texts[wrote.indexOf(true)]);
  expect(await readdir(folder)).toEqual(['marker']);
});

test('a file that cannot be written is named', async () => {
  const file = join(tmpdir(), 'no-such-folder', 'marker');
  await expect(writeFirst(file, '')).rejects.toMatchObject({ code: 'ENOENT' });
});

test.skipIf(process.platform !== 'linux')('a full device names the file', async () => {
  const { appendJsonLine } = await import('@rodpo/files');
  await expect(appendJsonLine('/dev/full', 1)).rejects.toMatchObject({
    code: 'ENOSPC',
    path: '/dev/full',
  });
});
