import '@tensorflow/tfjs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportOnnx } from '@rodpo/compile';
import { writeBundle } from '@rodpo/serving';
import { lastItemModels } from '@rodpo/testing/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';

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
    ...lastItemModels(exportOnnx, { width: 2, blockSize: 4, rowLength: 5 }),
    vectors: Float32Array.of(4, 0, 3, 1, 0, 4, 1, 3),
    counts: Int32Array.of(9, 5, 3, 1),
    items: ['tea', 'pot', 'nail', 'hammer'].map((id) => ({ id })),
    metrics: {},
  });
  return folder;
}
