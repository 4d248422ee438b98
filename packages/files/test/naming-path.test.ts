import {
  namingPath,
  readJson,
  readJsonLines,
  readLines,
  readSafetensors,
  sha256OfFile,
} from '@rodpo/files';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

async function allLines(file: string): Promise<void> {
  for await (const _ of readLines(file));
}

// A folder can be opened; what is refused is to read it, and the system does not say of what.
test.each([
  ['readJson', readJson],
  ['readJsonLines', readJsonLines],
  ['readLines', allLines],
  ['readSafetensors', readSafetensors],
  ['sha256OfFile', sha256OfFile],
] as const)('%s names the folder that is no file', async (_, read) => {
  const path = temporaryFolder();

  await expect(read(path)).rejects.toMatchObject({ code: 'EISDIR', path });
});

test('what names a path already keeps it, and no fault of a program gets one', async () => {
  const missing = Object.assign(new Error('ENOENT'), { code: 'ENOENT', path: 'its own' });

  await expect(namingPath('x', Promise.reject(missing))).rejects.toHaveProperty('path', 'its own');
  await expect(namingPath('x', Promise.reject(new TypeError('no')))).rejects.not.toHaveProperty(
    'path',
  );
  await expect(namingPath('x', Promise.resolve(5))).resolves.toBe(5);
});
