import '@tensorflow/tfjs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportOnnx } from '@rodpo/compile';
import { seededRandom } from '@rodpo/random';
import { writeBundle } from '@rodpo/serving';
import { lastItemModels } from '@rodpo/testing/tfjs';
import { mul, setBackend, sqrt, sub } from '@tensorflow/tfjs-core';

const width = 4;
const rowLength = 6;

export const itemCount = 50;
export const idOf = (item: number): string => `0${item}`;

export interface SmallBundleOptions {
  /** Default 50. */
  readonly items?: number;
  /** Of what the encoder reads. With another than 4, the bundle is whole, and answers nothing. */
  readonly encoderWidth?: number;
  /** Whether the encoder gives no number, as one whose training diverged. Default false. */
  readonly diverged?: boolean;
}

/**
 * Writes a bundle whose user wants what resembles the last item; another seed is another model.
 *
 * @returns its folder
 */
export async function smallBundle(
  seed = 5,
  folder?: string,
  { items = itemCount, encoderWidth = width, diverged = false }: SmallBundleOptions = {},
): Promise<string> {
  await setBackend('cpu');
  const random = seededRandom(seed);
  const blockSize = Math.min(16, items);
  const path = folder ?? join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'bundle');
  await writeBundle(path, {
    model: `seed ${seed}`,
    settings: { itemCount: items, width, blockSize, rowLength, maxLength: 5, inputs: ['vectors'] },
    ...lastItemModels(exportOnnx, { width, encoderWidth, blockSize, rowLength }),
    ...(diverged ? { encoder: divergedEncoder() } : {}),
    // Few different numbers, so that scores are exact whoever else is in a batch.
    vectors: Float32Array.from({ length: items * width }, () => Math.floor(random() * 9) - 4),
    counts: Int32Array.from({ length: items }, () => Math.floor(random() * 100)),
    items: Array.from({ length: items }, (_, item) => ({
      id: idOf(item),
      title: `Item ${item}`,
      attributes: { third: item % 3, price: item / 2, tags: [`t${item % 5}`, 'all'] },
    })),
    metrics: {},
  });
  return path;
}

/** The root of −1, whatever it reads. */
const divergedEncoder = () =>
  exportOnnx(({ inputs }) => ({ outputs: { hidden: sqrt(sub(mul(inputs.vectors!, 0), 1)) } }), {
    inputs: { vectors: { shape: ['tokens', width], dtype: 'float32' } },
    multipleOf: rowLength,
  });
