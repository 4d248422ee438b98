import '@tensorflow/tfjs';
import { exportOnnx } from '@rodpo/compile';
import { seededRandom } from '@rodpo/random';
import { lastItemModels } from '@rodpo/testing/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import type { Bundle } from '../src/bundle/bundle.ts';
import { idOf } from './models.ts';

export const width = 4;
const rowLength = 6;

/**
 * A bundle whose encoder is none: what a user wants next is the vector of the last item. So what it
 * answers can be worked out by hand.
 */
export async function smallBundle(
  itemCount = 50,
  changes: Partial<Bundle> = {},
  blockSize = 16,
): Promise<Bundle> {
  await setBackend('cpu');
  const random = seededRandom(5);
  return {
    model: 'the last item',
    settings: { itemCount, width, blockSize, rowLength, maxLength: 5, inputs: ['vectors'] },
    ...lastItemModels(exportOnnx, { width, blockSize, rowLength }),
    // Few different numbers, so that scores are exact and many of them equal.
    vectors: Float32Array.from({ length: itemCount * width }, () => Math.floor(random() * 5) - 2),
    counts: Int32Array.from({ length: itemCount }, () => Math.floor(random() * 10)),
    items: Array.from({ length: itemCount }, (_, item) => ({
      id: idOf(item),
      title: `Item ${item}`,
      attributes: { third: item % 3 },
    })),
    metrics: { test: { 'ndcg@10': 0.25 } },
    ...changes,
  };
}

/** All items by a plain loop and a full sort: score, then index. */
export function ranked(
  { vectors, settings }: Pick<Bundle, 'vectors' | 'settings'>,
  user: ArrayLike<number>,
): { item: number; score: number }[] {
  const found = Array.from({ length: settings.itemCount }, (_, item) => {
    let score = 0;
    for (let at = 0; at < settings.width; at++)
      score += user[at]! * vectors[item * settings.width + at]!;
    return { item, score };
  });
  return found.sort((a, b) => b.score - a.score || a.item - b.item);
}

/** The vector of an item. */
export const vectorOf = ({ vectors }: Pick<Bundle, 'vectors'>, item: number): Float32Array =>
  vectors.subarray(item * width, (item + 1) * width);
