import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expect, test } from 'vitest';
import { buildIndex, openIndex } from '../src/scan/nearest-index.ts';

const width = 16;

/** Several, since threads that lose items do not lose some every time. */
test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'every item of a small catalogue is found, %d',
  async (seed) => {
    const itemCount = 400;
    const normal = gaussianRandom(seededRandom(seed));
    const vectors = Float32Array.from({ length: itemCount * width }, () => normal());
    const file = join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'index.usearch');
    await buildIndex(file, { vectors, width, connectivity: 16 });

    const index = await openIndex(file, { width, connectivity: 16, expansion: 4 * itemCount });
    const found = index.search(vectors.subarray(0, width), itemCount);

    expect(new Set(found).size).toBe(itemCount);
  },
);
