import { imageModel } from '@rodpo/features/image';
import { expectAllClose } from '@rodpo/testing';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { hasPosters, models, type Poster, readPosters } from './real-posters.ts';

const packages = ['@huggingface/transformers', '@xenova/transformers'] as const;

/** Vectors of length 1. */
async function embedAll(transformers: (typeof packages)[number], posters: readonly Poster[]) {
  const source = { folder: models, offline: true };
  const options = { model: 'mobilenet_v1_trunk', source, transformers, normalize: true };
  const embedder = await imageModel(options);
  const vectors: Float32Array[] = [];
  for (let start = 0; start < posters.length; start += 16) {
    const batch = posters.slice(start, start + 16);
    const prepared = await Promise.all(batch.map(({ path }) => embedder.prepare(path)));
    const rows = await embedder.embed(prepared);
    batch.forEach((_, row) => {
      vectors.push(rows.subarray(row * embedder.dimension, (row + 1) * embedder.dimension));
    });
  }
  await embedder.dispose();
  return vectors;
}

describe.skipIf(!hasPosters)('real posters and a real MobileNet', () => {
  let posters: Poster[];
  let vectors: Float32Array[];
  beforeAll(async () => {
    posters = readPosters().filter((_, index) => index % 8 === 0);
    vectors = await embedAll(packages[0], posters);
  }, 120_000);

  test('both packages give the same vectors', async () => {
    const silenced = vi.spyOn(console, 'warn').mockImplementation(() => {}); // its class is new
    const expected = await embedAll(packages[1], posters.slice(0, 200));
    silenced.mockRestore();

    expect(expected[0]).toHaveLength(1024);
    for (const [index, vector] of expected.entries()) {
      expectAllClose(vectors[index]!, vector, { relative: 0, absolute: 1e-5 });
    }
  });

  test('posters that look alike share genres more often than chance', () => {
    const alike = posters.flatMap((poster, item) =>
      nearest(vectors, item, 10).map((other) => jaccard(poster, posters[other]!)),
    );
    const any = posters.flatMap((one, item) =>
      posters.slice(item + 1).map((other) => jaccard(one, other)),
    );

    // Eighths of the posters: about .22 ± .007 against .175. All of them: .246 against .176.
    expect(mean(alike)).toBeGreaterThan(1.15 * mean(any));
  });
});

/** By cosine, which is the dot product of vectors of length 1. */
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
