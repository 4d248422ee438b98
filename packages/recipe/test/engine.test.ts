import '@tensorflow/tfjs';
import { ExecutionProviderError } from '@rodpo/compile';
import { setBackend, square } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { compiledEngine } from '../src/workspace/engine.ts';

test('options reach what runs the steps', async () => {
  await setBackend('cpu');
  const make = (executionProviders: string[]) =>
    compiledEngine({ executionProviders }).program(
      ({ inputs }) => ({ outputs: { squares: square(inputs.numbers!) } }),
      { inputs: { numbers: { shape: [2], dtype: 'float32' } } },
    );

  const program = await make(['cpu']);
  const { squares } = await program.run({ numbers: Float32Array.of(2, 3) });
  expect([...squares!]).toEqual([4, 9]);
  await program.dispose();
  await expect(make(['none of this name'])).rejects.toThrow(ExecutionProviderError);
});
