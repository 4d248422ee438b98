import '@tensorflow/tfjs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportOnnx } from '@rodpo/compile';
import { seededRandom } from '@rodpo/random';
import { writeBundle } from '@rodpo/serving';
import { lastItemModels } from '@rodpo/testing/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';

export const itemCount = 12_000;
const [width, blockSize, rowLength] = [4, 1000, 8];

/** Titles of somebody who wants to run a script in a page, or to break it. */
export const hostile: Readonly<Record<number, string>> = {
  3: '<img src=x onerror="window.hacked = true">',
  4: '</span><script>window.hacked = true</script>',
  5: '"\'><svg onload=window.hacked=true>{{window.hacked=true}}',
  6: `${'long '.repeat(400)}title`,
  7: ' ',
};

/** The place of an item is in its id, which no number can stand for. */
export const idOf = (item: number): string => `P${String(item).padStart(6, '0')}`;

/**
 * A bundle without training: what a user wants next is the vector of the last item.
 *
 * @returns its folder
 */
export async function pageBundle(model: string, seed: number): Promise<string> {
  await setBackend('cpu');
  const random = seededRandom(seed);
  const folder = join(await mkdtemp(join(tmpdir(), 'studio-')), 'bundle');
  await writeBundle(folder, {
    model,
    settings: { itemCount, width, blockSize, rowLength, maxLength: 5, inputs: ['vectors'] },
    ...lastItemModels(exportOnnx, { width, blockSize, rowLength }),
    vectors: Float32Array.from({ length: itemCount * width }, () => random() - 0.5),
    counts: Int32Array.from({ length: itemCount }, (_, item) => itemCount - item),
    items: Array.from({ length: itemCount }, (_, item) => ({
      id: idOf(item),
      title: hostile[item] ?? `Product ${item}`,
      ...(item === 8 ? { image: 'javascript:window.hacked = true' } : {}),
      ...(item === 10 ? { image: 'pictures/10.webp' } : {}),
      ...(item === 11 ? { image: 'pictures/../10.webp' } : {}),
      ...(item === 9 ? { image: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' } : {}),
    })),
    metrics: {},
  });
  return folder;
}
