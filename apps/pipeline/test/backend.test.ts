import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { chooseBackend } from '../src/engine/backend.ts';

const cpu = { name: 'cpu', source: '@tensorflow/tfjs', load: async () => undefined };

/** What `chooseBackend` says and takes when a candidate stands before cpu. */
async function chosenBefore(source: string, load: () => Promise<unknown>, name = 'broken') {
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  const chosen = await chooseBackend(warn, [{ name, source, load }, cpu]);
  return { chosen, warnings };
}

test('a backend that is not installed is passed over in silence', async () => {
  const { chosen, warnings } = await chosenBefore('@tensorflow/tfjs-node-none', () =>
    Promise.reject(
      Object.assign(new Error("Cannot find package '@tensorflow/tfjs-node-none'"), {
        code: 'ERR_MODULE_NOT_FOUND',
      }),
    ),
  );

  expect(chosen).toEqual({ name: 'cpu', source: '@tensorflow/tfjs', device: 'cpu' });
  expect(warnings).toEqual([]);
});

test('one that is installed but does not load is named, with the reason and what to do', async () => {
  const { chosen, warnings } = await chosenBefore('@tensorflow/tfjs-node-gpu', () =>
    Promise.reject(new Error('tfjs_binding.node can not be found')),
  );

  expect(chosen.name).toBe('cpu');
  expect(warnings.join()).toMatch(
    /tfjs-node-gpu is installed.*tfjs_binding.*npm rebuild @tensorflow\/tfjs-node-gpu$/,
  );
});

/** The cpu backend under another name, but for what it says of itself and how it multiplies. */
function register(name: string, facts: object, multiply?: tf.KernelFunc) {
  tf.registerBackend(name, () => Object.assign(tf.findBackendFactory('cpu')!(), facts));
  tf.copyRegisteredKernels('cpu', name);
  if (!multiply) return;
  tf.unregisterKernel('BatchMatMul', name);
  tf.registerKernel({ kernelName: 'BatchMatMul', backendName: name, kernelFunc: multiply });
}

test.each<[string, tf.KernelFunc, RegExp]>([
  [
    'throws',
    () => {
      throw new TypeError('isNullOrUndefined is not a function');
    },
    /does not work: "isNullOrUndefined is not a function"\. Trying the next/,
  ],
  [
    'computes wrongly',
    ({ inputs }) => tf.zerosLike(tf.reshape(inputs.a as tf.Tensor, [2]).slice(0, 1)),
    /does not work: "it computes 2·5 \+ 3·7 as 0"/,
  ],
])('one that loads and starts, but %s, is passed over', async (name, multiply, reason) => {
  const load = async () => register(name, {}, multiply);
  const { chosen, warnings } = await chosenBefore('@tensorflow/tfjs-node', load, name);

  expect(chosen.name).toBe('cpu');
  expect(tf.getBackend()).toBe('cpu');
  expect(warnings.join()).toMatch(reason);
});

test('one whose name another package registered in vain starts all the same', async () => {
  const broken = { name: 'twice', source: 'first', load: async () => register('twice', {}, fail) };
  const works = { name: 'twice', source: 'second', load: async () => register('twice', {}) };

  expect(await chooseBackend(() => {}, [broken, works])).toMatchObject({ source: 'second' });
});

const fail: tf.KernelFunc = () => {
  throw new Error('no');
};

test.each([
  { facts: { isUsingGpuDevice: true }, device: 'gpu', said: /^$/ },
  { facts: { isUsingGpuDevice: false }, device: 'cpu', said: /finds no GPU here.*on the CPU\.$/ },
])('the device is the one that the backend says: $facts', async ({ facts, device, said }) => {
  const load = async () => register(`on ${device}`, facts);
  const source = '@tensorflow/tfjs-node-gpu';
  const { chosen, warnings } = await chosenBefore(source, load, `on ${device}`);

  expect(chosen).toEqual({ name: `on ${device}`, source, device });
  expect(warnings.join()).toMatch(said);
});

test('none at all is an error that says what to reinstall', async () => {
  await expect(chooseBackend(() => {}, [])).rejects.toThrow('Reinstall @tensorflow/tfjs');
});
