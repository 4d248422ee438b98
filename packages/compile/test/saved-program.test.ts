import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CompiledProgram,
  compile,
  loadProgram,
  ProgramVersionError,
  type StepFunction,
} from '@rodpo/compile';
import { isActionable } from '@rodpo/errors';
import { FileDamagedError, readSafetensors, writeSafetensors } from '@rodpo/files';
import { testBackend } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, expectTypeOf, test, vi } from 'vitest';
import { batch, descend, descendOptions } from './programs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
});
afterAll(() => rm(folder, { recursive: true }));

const inputs = {
  x: { shape: [2, 3], dtype: 'float32' },
  mask: { shape: [3], dtype: 'bool' },
  rows: { shape: [2], dtype: 'int32' },
} as const;
const given = {
  x: Float32Array.of(1, -2, 3, 0.5, 0.25, -1),
  mask: Uint8Array.of(1, 0, 1),
  rows: Int32Array.of(1, 0),
};
const state = {
  kernel: { shape: [3, 2], data: Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6) },
  shift: { shape: [2], data: Int32Array.of(5, -7) },
  flip: { shape: [2], data: Uint8Array.of(1, 0) },
};

/** Inputs and weights of every type, a constant, and a draw. */
const infer: StepFunction<typeof inputs> = ({ state, inputs, uniform }) => {
  const kept = tf.mul(inputs.x, tf.cast(inputs.mask, 'float32')) as tf.Tensor2D;
  const applied = tf.matMul(tf.gather(kept, inputs.rows), state.kernel as tf.Tensor2D);
  const signed = tf.where(state.flip as tf.Tensor, tf.neg(applied), applied);
  return { outputs: { y: tf.add(tf.add(signed, state.shift!), uniform([2, 2])) } };
};

async function saved(program: CompiledProgram, name: string): Promise<string> {
  const file = join(folder, `${name}.program`);
  await program.save(file);
  return file;
}

test.each([false, true])('gives the same bits, with frozen: %s', async (frozen) => {
  const program = await compile(infer, { inputs, state, frozen });
  const file = await saved(program as CompiledProgram, `infer-${frozen}`);
  const loaded = await loadProgram(file);
  const options = { seed: 3, step: 4 };

  expect(await loaded.run(given, options)).toEqual(await program.run(given, options));
  expect(await loaded.state()).toEqual(state);
  expect(loaded.nodeCount).toBe(program.nodeCount);
  // A loaded program is saved as the first one was, to the byte.
  const again = await saved(loaded, `infer-${frozen}-again`);
  expect(await readFile(again)).toEqual(await readFile(file));
  await Promise.all([program.dispose(), loaded.dispose()]);
});

test('a frozen one stays frozen: its weights are constants', async () => {
  const program = await compile(
    ({ state, inputs }) => {
      const doubled = tf.mul(state.kernel!, 2) as tf.Tensor2D;
      return { outputs: { y: tf.matMul(inputs.x as tf.Tensor2D, doubled) } };
    },
    { inputs: { x: inputs.x }, state: { kernel: state.kernel }, frozen: true },
  );
  const loaded = await loadProgram(await saved(program as CompiledProgram, 'doubled'), {
    profile: true,
  });

  expect(await loaded.run({ x: given.x })).toEqual(await program.run({ x: given.x }));
  expect((await loaded.profile()).map(({ operator }) => operator)).toEqual(['MatMul']);
  expect(() => loaded.load(state)).toThrow('This program is frozen.');
  await Promise.all([program.dispose(), loaded.dispose()]);
});

test('a training program goes on as the saved one does, from the state it had', async () => {
  const program = await compile(descend, descendOptions);
  for (let step = 0; step < 3; step++) await program.run(batch, { seed: 1, step });
  const loaded = await loadProgram(await saved(program, 'descend'));
  for (let step = 3; step < 6; step++) {
    expect(await loaded.run(batch, { seed: 1, step })).toEqual(
      await program.run(batch, { seed: 1, step }),
    );
  }

  expect(await loaded.state()).toEqual(await program.state());
  loaded.load(descendOptions.state!);
  expect(await loaded.state()).toEqual(descendOptions.state);
  await Promise.all([program.dispose(), loaded.dispose()]);
});

test('variables and what an optimiser keeps for them are state of the loaded program', async () => {
  const weight = tf.variable(tf.tensor1d([1, 2]), true, 'weight');
  const optimizer = tf.train.momentum(0.1, 0.9);
  const step: StepFunction = ({ uniform }) => {
    const loss = () => tf.sum(tf.square(tf.sub(weight, uniform([2])))) as tf.Scalar;
    return { outputs: { loss: optimizer.minimize(loss, true, [weight])! } };
  };
  const program = await compile(step, { inputs: {} });
  await program.run({}, { step: 0 });
  const loaded = await loadProgram(await saved(program, 'momentum'));
  expect(await loaded.run({}, { step: 1 })).toEqual(await program.run({}, { step: 1 }));

  expect(await loaded.state()).toEqual(await program.state());
  expect(Object.keys(await loaded.state()).sort()).toEqual(['unnamed/0', 'weight']);
  expect(() => loaded.assignVariables()).toThrow(
    /from a file, without the tf.Variables \(.*weight/,
  );
  await Promise.all([program.dispose(), loaded.dispose()]);
  tf.disposeVariables();
});

test('loading calls neither the step nor tfjs', async () => {
  let calls = 0;
  const program = await compile(
    (context) => {
      calls++;
      return infer(context as never);
    },
    { inputs, state },
  );
  const file = await saved(program as CompiledProgram, 'untraced');
  expect(calls).toBe(1);
  const engine = tf.engine();
  const spies = [
    vi.spyOn(engine, 'runKernel'),
    vi.spyOn(engine, 'setBackend'),
    vi.spyOn(engine, 'makeTensor'),
    vi.spyOn(engine, 'makeTensorFromTensorInfo'),
  ];
  const loaded = await loadProgram(file);
  await loaded.run(given);

  expect(spies.map(({ mock }) => mock.calls)).toEqual([[], [], [], []]);
  vi.restoreAllMocks();
  expect([calls, tf.getBackend()]).toEqual([1, testBackend]);
  await Promise.all([program.dispose(), loaded.dispose()]);
});

test('inputs that are expected are checked, and are its type', async () => {
  const program = await compile(infer, { inputs, state });
  const file = await saved(program as CompiledProgram, 'typed');
  const loaded = await loadProgram(file, { inputs });
  expectTypeOf(loaded.run).parameter(0).toHaveProperty('mask').toEqualTypeOf<Uint8Array>();
  expect(await loaded.run(given)).toEqual(await program.run(given));

  const others = { x: inputs.x, rows: { shape: [3], dtype: 'int32' } } as const;
  await expect(loadProgram(file, { inputs: others })).rejects.toThrow(
    new TypeError(
      `${file}: the saved program takes the inputs mask bool [3], rows int32 [2], ` +
        'x float32 [2,3], but rows int32 [3], x float32 [2,3] were expected. Load the program ' +
        'that was saved for these, or change what is expected.',
    ),
  );
  await Promise.all([program.dispose(), loaded.dispose()]);
});

test('a flipped bit, a cut and a file of another kind are damage', async () => {
  const program = await compile(infer, { inputs, state });
  const file = await saved(program as CompiledProgram, 'whole');
  await program.dispose();
  const bytes = await readFile(file);
  const damaged = join(folder, 'damaged.program');
  for (const place of [9, 600, bytes.length >> 1, bytes.length - 1]) {
    const flipped = Buffer.from(bytes);
    flipped[place]! ^= 1;
    await writeFile(damaged, flipped);
    await expect(loadProgram(damaged), `byte ${place}`).rejects.toThrow(FileDamagedError);
  }
  await writeFile(damaged, bytes.subarray(0, bytes.length - 8));
  await expect(loadProgram(damaged)).rejects.toThrow(FileDamagedError);

  await writeSafetensors(damaged, state);
  await expect(loadProgram(damaged)).rejects.toThrow(
    new FileDamagedError(damaged, {
      problem: 'it is a safetensors file, but not one that a program was saved in',
      advice: 'Give the path that was given to save.',
    }),
  );
  await expect(loadProgram(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('another version is refused by name', async () => {
  const program = await compile(infer, { inputs, state });
  const file = await saved(program as CompiledProgram, 'version');
  const { tensors, metadata } = await readSafetensors(file);
  await writeSafetensors(file, tensors, { ...metadata, version: '2' });

  const error = await loadProgram(file).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ProgramVersionError);
  expect(error).toMatchObject({ file, version: '2', supported: '1' });
  expect(isActionable(error)).toBe(true);
  expect((error as Error).message).toBe(
    `${file}: it holds a program of version "2", and version "1" is read here. ` +
      'Compile the step again and save it, or use the @rodpo/compile that wrote the file.',
  );
  await program.dispose();
});

test('what is saved is what the program holds at the call; nothing partial is left', async () => {
  const program = await compile(descend, descendOptions);
  const file = join(folder, 'moving.program');
  const saving = program.save(file);
  for (let step = 0; step < 4; step++) await program.run(batch, { step });
  await saving;
  const loaded = await loadProgram(file);

  expect(await loaded.state()).toEqual(descendOptions.state);
  expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  await Promise.all([program.dispose(), loaded.dispose()]);
  await expect(program.save(file)).rejects.toThrow('The program was disposed.');
});
