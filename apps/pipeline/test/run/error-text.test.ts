import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config.ts';
import { errorText } from '../../src/run/error-text.ts';

test('what a person can act on is its message; the engine’s own errors show their stack', () => {
  expect(errorText(new ConfigError('Set a.'))).toBe('error: Set a.');
  expect(errorText(new RangeError('Invalid typed array length: -1'))).toMatch(/\n +at /);
});

test('what the system refuses is told in one line, with the path and what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  await writeFile(join(folder, 'file'), '');
  const inFile = await readdir(join(folder, 'file', 'sub')).catch((error: Error) => error);
  const long = await writeFile(join(folder, 'x'.repeat(300)), '').catch((error: Error) => error);

  expect(errorText(inFile)).toMatch(
    /^error: A folder was expected.*file\/sub".*\(ENOTDIR in .*\.$/,
  );
  expect(errorText(long)).toMatch(/^error: The name is too long.*\(ENAMETOOLONG in open\)/);
});

test('a folder that cannot be made is no path to be looked for', () => {
  // As Node says it of a file system that is read-only, where parents are made as well.
  const error = Object.assign(new Error('ENOENT: no such file or directory'), {
    ...{ code: 'ENOENT', syscall: 'mkdir', path: '/mnt/read-only/run' },
  });

  expect(errorText(error)).toBe(
    'error: The folder cannot be made: "/mnt/read-only/run" (ENOENT in mkdir). Check the path, and whether ' +
      'its file system can be written to, or name another place (--output).',
  );
});
