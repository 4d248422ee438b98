import '@tensorflow/tfjs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportOnnx } from '@rodpo/compile';
import { seededRandom } from '@rodpo/random';
import { writeBundle } from '@rodpo/serving';
import { lastItemModels } from '@rodpo/testing/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';

const width = 4;
const blockSize = 16;
const rowLength = 6;

export const itemCount = 50;
export const idOf = (item: number): string => `0${item}`;

/**
 * Writes a bundle whose user wants what resembles the last item; another seed is another model. With
 * an encoder of another width it is whole, and answers nothing.
 *
 * @returns its folder
 */
export async function smallBundle(
  seed = 5,
  folder?: string,
  { encoderWidth = width }: { readonly encoderWidth?: number } = {},
): Promise<string> {
  await setBackend('cpu');
  const random = seededRandom(seed);
  const path = folder ?? join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'bundle');
  await writeBundle(path, {
    model: `seed ${seed}`,
    settings: { itemCount, width, blockSize, rowLength, maxLength: 5, inputs: ['vectors'] },
    ...lastItemModels(exportOnnx, { width, encoderWidth, blockSize, rowLength }),
    // Few different numbers, so that scores are exact whoever else is in a batch.
    vectors: Float32Array.from({ length: itemCount * width }, () => Math.floor(random() * 9) - 4),
    counts: Int32Array.from({ length: itemCount }, () => Math.floor(random() * 100)),
    items: Array.from({ length: itemCount }, (_, item) => ({
      id: idOf(item),
      title: `Item ${item}`,
      attributes: { third: item % 3, price: item / 2, tags: [`t${item % 5}`, 'all'] },
    })),
    metrics: {},
  });
  return path;
}
