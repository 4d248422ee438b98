import { type ImageInput, imageModel } from '@rodpo/features/image';
import type { Embedder } from '@rodpo/features';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';
import { hasPosters, models, type Poster, readPosters } from './real-posters.ts';

const packages = ['@huggingface/transformers', '@xenova/transformers'] as const;

function mobileNet(transformers: (typeof packages)[number], normalize = false) {
  const source = { folder: models, offline: true };
  return imageModel({ model: 'mobilenet_v1_trunk', source, transformers, normalize });
}

async function embedAll(embedder: Embedder<ImageInput, unknown>, posters: readonly Poster[]) {
  const vectors: Float32Array[] = [];
  for (let start = 0; start < posters.length; start += 16) {
    const batch = posters.slice(start, start + 16);
    const prepared = await Promise.all(batch.map(({ path }) => embedder.prepare(path)));
    const rows = await embedder.embed(prepared);
    batch.forEach((_, row) => {
      vectors.push(rows.subarray(row * embedder.dimension, (row + 1) * embedder.dimension));
    });
  }
  return vectors;
}

test.skipIf(!hasPosters)('both packages give real posters the same vectors', async () => {
  const posters = readPosters().slice(0, 200);
  const [huggingFace, xenova] = [await mobileNet(packages[0]), await mobileNet(packages[1])];

  const expected = await embedAll(xenova, posters);
  const actual = await embedAll(huggingFace, posters);

  expect(actual[0]).toHaveLength(1024);
  const largest = expected.reduce((most, row) => Math.max(most, ...row), 0);
  for (const [index, vector] of actual.entries()) {
    expectAllClose(vector, expected[index]!, { relative: 0, absolute: 1e-4 * largest });
  }
  await Promise.all([huggingFace.dispose(), xenova.dispose()]);
});

test.skipIf(!hasPosters)('posters that look alike share genres more often than chance', async () => {
  const posters = readPosters().filter((_, index) => index % 6 === 0);
  const embedder = await mobileNet(packages[0], true);
  const vectors = await embedAll(embedder, posters);
  await embedder.dispose();

  const shared = posters.map((_, item) =>
    nearest(vectors, item, 10).map((other) => jaccard(posters[item]!, posters[other]!)),
  );
  const anyPairs = posters.flatMap((one, item) =>
    posters.slice(item + 1).map((other) => jaccard(one, other)),
  );
  // About 500 posters: .23 ± .006 against .175. With all of them, .246 against .176.
  expect(mean(shared.flat())).toBeGreaterThan(1.15 * mean(anyPairs));
});

/** Vectors have length 1, so the cosine is the dot product. */
function nearest(vectors: readonly Float32Array[], item: number, count: number): number[] {
  const cosines = vectors.map((other) => dot(vectors[item]!, other));
  return [...vectors.keys()]
    .filter((other) => other !== item)
    .sort((a, b) => cosines[b]! - cosines[a]!)
    .slice(0, count);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function jaccard({ genres: a }: Poster, { genres: b }: Poster): number {
  const both = [...a].filter((genre) => b.has(genre)).length;
  return both / (a.size + b.size - both);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
