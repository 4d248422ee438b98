import { isActionable, isNotInstalled, loadOptional } from '@rodpo/errors';
import { expect, test } from 'vitest';

function failure(message: string, code?: string): Promise<never> {
  return Promise.reject(Object.assign(new Error(message), { code }));
}

test('gives the module', async () => {
  await expect(loadOptional('some', async () => 5)).resolves.toBe(5);
});

test('a missing package: says how to install it', async () => {
  const load = () => failure("Cannot find package 'some' imported from x", 'ERR_MODULE_NOT_FOUND');

  await expect(loadOptional('some', load)).rejects.toThrow(
    'Could not load some. It is an optional peer: install it with `npm install some`.',
  );
});

test.each([
  ['a broken binary', () => failure('libvips.so: cannot open shared object file')],
  [
    'a package that misses a part',
    () => failure("Cannot find package 'part' imported from some", 'ERR_MODULE_NOT_FOUND'),
  ],
])('%s: is not called missing', async (_, load) => {
  const error = await loadOptional('some', load).catch((thrown) => thrown);

  expect(error.message).toBe(
    'Could not load some. It is installed but does not work here: see the cause.',
  );
  expect(error.cause).toBeInstanceOf(Error);
  expect(isNotInstalled('some', error.cause)).toBe(false);
  expect(isActionable(error)).toBe(true);
});
