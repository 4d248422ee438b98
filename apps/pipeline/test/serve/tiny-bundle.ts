import '@tensorflow/tfjs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportOnnx } from '@rodpo/compile';
import { writeBundle } from '@rodpo/serving';
import { matMul, setBackend, type Tensor2D } from '@tensorflow/tfjs-core';

/** Writes a bundle of four items by hand: users want what is like their last item. @returns its folder */
export async function tinyBundle(model: string): Promise<string> {
  await setBackend('cpu');
  const folder = join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'bundle');
  await writeBundle(folder, {
    model,
    settings: {
      itemCount: 4,
      width: 2,
      blockSize: 4,
      rowLength: 5,
      maxLength: 5,
      inputs: ['vectors'],
    },
    encoder: exportOnnx(({ inputs }) => ({ outputs: { hidden: inputs.vectors!.mul(1) } }), {
      inputs: { vectors: { shape: ['tokens', 2], dtype: 'float32' } },
      multipleOf: 5,
    }),
    scores: exportOnnx(
      ({ inputs: { users, items } }) => ({
        outputs: { scores: matMul(users as Tensor2D, items as Tensor2D, false, true) },
      }),
      {
        inputs: {
          users: { shape: ['users', 2], dtype: 'float32' },
          items: { shape: [4, 2], dtype: 'float32' },
        },
      },
    ),
    vectors: Float32Array.of(4, 0, 3, 1, 0, 4, 1, 3),
    counts: Int32Array.of(9, 5, 3, 1),
    items: ['tea', 'pot', 'nail', 'hammer'].map((id) => ({ id })),
    metrics: {},
  });
  return folder;
}
