import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPartial, writeFolder } from '@rodpo/files';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const fill = (text: string) => async (folder: string) => {
  await writeFile(join(folder, 'a.txt'), text);
  return text.length;
};

test('a folder is there with all that was written, and nothing beside it', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'new', 'site');

  expect(await writeFolder(folder, fill('whole'))).toBe(5);
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('whole');
  expect(readdirSync(join(parent, 'new'))).toEqual(['site']);
});

test('while it is written it has another name', async () => {
  const parent = temporaryFolder();
  await writeFolder(join(parent, 'site'), async (partial) => {
    expect(readdirSync(parent).every(isPartial)).toBe(true);
    await fill('whole')(partial);
  });

  expect(readdirSync(parent)).toEqual(['site']);
});

test('what fails leaves nothing, and what was there is there still', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'site');
  const failing = async (partial: string) => {
    await fill('half')(partial);
    throw new Error('no more');
  };

  await expect(writeFolder(folder, failing)).rejects.toThrow('no more');
  expect(readdirSync(parent)).toEqual([]);
  await writeFolder(folder, fill('first'));
  await expect(writeFolder(folder, failing, { replace: true })).rejects.toThrow('no more');
  expect(readdirSync(parent)).toEqual(['site']);
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('first');
});

test('only what is to be replaced is, and wholly', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'site');
  mkdirSync(folder);
  writeFileSync(join(folder, 'old.txt'), 'old');

  await expect(writeFolder(folder, fill('next'))).rejects.toMatchObject({ code: 'ENOTEMPTY' });
  expect(readdirSync(folder)).toEqual(['old.txt']);
  await writeFolder(folder, fill('next'), { replace: true });
  expect(readdirSync(folder)).toEqual(['a.txt']);
  expect(readdirSync(parent)).toEqual(['site']);
});
