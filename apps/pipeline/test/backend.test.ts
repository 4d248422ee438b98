import { expect, test } from 'vitest';
import { chooseBackend } from '../src/backend.ts';

const cpu = { name: 'cpu', source: '@tensorflow/tfjs', load: async () => undefined };

test('a backend that is not installed is passed over in silence', async () => {
  const warnings: string[] = [];
  const missing = {
    name: 'tensorflow',
    source: '@tensorflow/tfjs-node-none',
    load: () =>
      Promise.reject(
        Object.assign(new Error("Cannot find package '@tensorflow/tfjs-node-none'"), {
          code: 'ERR_MODULE_NOT_FOUND',
        }),
      ),
  };

  expect(await chooseBackend((message) => warnings.push(message), [missing, cpu])).toBe('cpu');
  expect(warnings).toEqual([]);
});

test('one that is installed but broken is named, with the reason', async () => {
  const warnings: string[] = [];
  const broken = {
    name: 'tensorflow',
    source: '@tensorflow/tfjs-node-gpu',
    load: () => Promise.reject(new Error('isNullOrUndefined is not a function')),
  };

  expect(await chooseBackend((message) => warnings.push(message), [broken, cpu])).toBe('cpu');
  expect(warnings.join()).toMatch(/tfjs-node-gpu.*isNullOrUndefined.*Node 23/);
});

test('none at all is an error that says what to reinstall', async () => {
  await expect(chooseBackend(() => {}, [])).rejects.toThrow('Reinstall @tensorflow/tfjs');
});
