import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  ifThere,
  isMissing,
  isPartial,
  partialName,
  removeStalePartials,
  sha256OfFile,
  writeAtomically,
} from '@rodpo/files';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const bytes = (text: string) => Buffer.from(text);

test.each([
  { fact: 'text', content: 'größe' },
  { fact: 'bytes', content: bytes('größe') },
  { fact: 'parts', content: [bytes('grö'), bytes(''), bytes('ße')] },
  {
    fact: 'parts that come later',
    content: (async function* () {
      yield bytes('grö');
      yield bytes('ße');
    })(),
  },
])('writes $fact in the place of what was there, and nothing else', async ({ content }) => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  writeFileSync(file, 'something longer than that');
  await writeAtomically(file, content);

  expect(readFileSync(file, 'utf8')).toBe('größe');
  expect(readdirSync(folder)).toEqual(['file']);
});

test.each(['beside it', 'elsewhere'])(
  'a write %s that fails leaves the old file alone',
  async (where) => {
    const folder = temporaryFolder();
    const place = where === 'elsewhere' ? temporaryFolder() : folder;
    const file = join(folder, 'file');
    await writeAtomically(file, 'old');
    const parts = (async function* () {
      yield bytes('new');
      const [partial] = readdirSync(place).filter(isPartial);
      expect(readFileSync(join(place, partial!), 'utf8')).toBe('new');
      throw new Error('the source failed');
    })();

    const write = writeAtomically(file, parts, { partialFolder: place });
    await expect(write).rejects.toThrow('the source failed');
    expect(readdirSync(place)).toEqual(place === folder ? ['file'] : []);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['file']);
  },
);

test('what the file system refuses is passed on, and nothing is left', async () => {
  const folder = temporaryFolder();
  const below = join(folder, 'none', 'file');
  mkdirSync(join(folder, 'taken', 'by', 'others'), { recursive: true });

  await expect(writeAtomically(below, '')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(writeAtomically(join(folder, 'taken'), 'a')).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(['taken']);
});

test('removes what was to become one file, if it is named', async () => {
  const folder = temporaryFolder();
  const [one, other] = ['one', 'another.one'].map((name) => partialName(join(folder, name)));
  for (const file of [one!, other!]) writeFileSync(file, '');

  const left = await removeStalePartials(folder, { olderThanMs: 0, of: 'one' });
  expect(left).toEqual([basename(one!)]);
  expect(readdirSync(folder)).toEqual([basename(other!)]);
});

test('removes what killed writers left, and nothing that is young or of another name', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'file');
  const [old, young, oldFolder] = [partialName(path), partialName(path), partialName(path)];
  for (const file of [old, young, `${path}.partial`, `${path}.${'0'.repeat(36)}.partial`]) {
    writeFileSync(file, '');
  }
  mkdirSync(join(oldFolder, 'below'), { recursive: true });
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const file of readdirSync(folder)) utimesSync(join(folder, file), hourAgo, hourAgo);
  utimesSync(young, new Date(), new Date());
  const left = await removeStalePartials(folder, { olderThanMs: 60_000 });

  expect(left.map((name) => join(folder, name)).sort()).toEqual([old, oldFolder].sort());
  expect(await removeStalePartials(folder, { olderThanMs: 0 })).toHaveLength(1);
  expect(readdirSync(folder)).toEqual([`file.${'0'.repeat(36)}.partial`, 'file.partial']);
  expect(await removeStalePartials(join(folder, 'none'), { olderThanMs: 0 })).toEqual([]);
});

test('the checksum of a file is that of its bytes', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, 'abc');

  // FIPS 180-4, appendix B.1.
  const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await sha256OfFile(file)).toBe(digest);
});

test('what is not there is undefined, any other refusal is passed on', async () => {
  const folder = temporaryFolder();
  const missing = sha256OfFile(join(folder, 'none'));

  expect(await ifThere(missing)).toBeUndefined();
  expect(await ifThere(Promise.resolve(1))).toBe(1);
  await expect(ifThere(sha256OfFile(folder))).rejects.toMatchObject({ code: 'EISDIR' });
  expect(isMissing(await missing.catch((error: unknown) => error))).toBe(true);
  expect(isMissing(undefined)).toBe(false);
});
