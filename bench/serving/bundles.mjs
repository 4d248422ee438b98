// Bundles to answer from: an untrained encoder over made-up items, as the recipe exports it.
import { join } from 'node:path';
import { library } from '../common/libraries.mjs';

await library('@tensorflow/tfjs');
const { setBackend } = await library('@tensorflow/tfjs-core');
const { transformerEncoder } = await library('@rodpo/encoder');
const { gaussianRandom, seededRandom } = await library('@rodpo/random');
const { compiledEngine, exportEncoder, initialWeights, openWorkspace } =
  await library('@rodpo/recipe');
const { writeBundle } = await library('@rodpo/serving');

export const width = 64;
export const maxLength = 50;
export const idOf = (item) => `item-${item}`;

/** Histories of `length` items, as ids. */
export function histories(count, { itemCount, length = 20, seed = 5 }) {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length }, () => idOf(Math.floor(random() ** 2 * itemCount))),
  );
}

/** A model over `itemCount` items, with `experts` or without. */
export async function modelOf(itemCount, experts) {
  await setBackend('cpu');
  const itemIds = Array.from({ length: itemCount }, (_, item) => idOf(item));
  const sizes = { maxLength, dimension: width, blockCount: 2, headCount: 2 };
  const workspace = openWorkspace({
    dataset: { userIds: ['a'], itemIds, sequences: [Int32Array.of(0, 1, 2, 3)] },
    engine: compiledEngine({ threads: 1 }),
    maxLength,
    encoder: transformerEncoder({ itemCount, ...sizes, ...experts }),
  });
  const { items, ...exported } = await exportEncoder(workspace, initialWeights(workspace), {
    newItems: false,
  });
  await workspace.dispose();
  const { encoder, scores, ...settings } = exported;
  return {
    model: 'untrained',
    settings: { itemCount, width, ...settings },
    encoder,
    scores,
    vectors: items.data,
    counts: new Int32Array(itemCount).fill(1),
    items: itemIds.map((id, item) => ({ id, title: `Item ${item}` })),
    metrics: {},
  };
}

/** Writes the bundle of such a model. @returns its folder */
export async function bundleOf(folder, itemCount) {
  const path = join(folder, `bundle-${itemCount}`);
  await writeBundle(path, await modelOf(itemCount), { replace: true });
  return path;
}

/**
 * `[count, width]` about `centres` centres, the same ones whatever the seed: what an index has to tell apart is as in
 * trained vectors, and what is asked for lies where items do.
 */
export function clustered(count, { centres = 1000, seed = 3 } = {}) {
  const middle = Float32Array.from({ length: centres * width }, gaussianRandom(seededRandom(2)));
  const draw = gaussianRandom(seededRandom(seed));
  const random = seededRandom(seed + 1);
  const vectors = new Float32Array(count * width);
  for (let item = 0; item < count; item++) {
    const centre = Math.floor(random() * centres) * width;
    for (let at = 0; at < width; at++) {
      vectors[item * width + at] = middle[centre + at] + 0.5 * draw();
    }
  }
  return vectors;
}
