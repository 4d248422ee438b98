import { readFileSync } from 'node:fs';
import { fitTextDescriptor } from '@rodpo/features/text';
import { seededRandom } from '@rodpo/random';
import { hasRealData, realData } from '@rodpo/testing/data';
import { expect, test } from 'vitest';

const titleCount = 1500;

test.skipIf(!hasRealData('amazon-beauty/items.tsv', 'amazon-beauty/attributes.json'))(
  'neighbours among real Amazon Beauty titles share attributes',
  async () => {
    const { ids, titles } = readTitles();
    const attributes = readAttributes();
    const descriptor = await fitTextDescriptor(titles, { dimension: 64, random: seededRandom(1) });
    const prepared = await Promise.all(titles.map((title) => descriptor.prepare(title)));
    const vectors = await descriptor.embed(prepared);
    const shared = (a: number, b: number) => jaccard(attributes[ids[a]!]!, attributes[ids[b]!]!);
    const items = Array.from({ length: 200 }, (_, at) => at * 7);

    const near = items.map((item) => shared(item, nearest(vectors, 64, item)));
    const far = items.map((item) => shared(item, (item + 700) % titleCount));

    // On all 12,094 titles, with 128 dimensions and five neighbours: 0.52 against 0.06.
    expect(mean(near)).toBeGreaterThan(4 * mean(far));
  },
);

function readTitles(): { ids: string[]; titles: string[] } {
  const [, ...lines] = readFileSync(realData('amazon-beauty/items.tsv'), 'utf8')
    .trimEnd()
    .split('\n');
  const items = lines.map((line) => line.split('\t')).filter(([, , title]) => title);
  const some = items.slice(0, titleCount);
  return { ids: some.map(([id]) => id!), titles: some.map(([, , title]) => title!) };
}

function readAttributes(): Record<string, number[]> {
  return JSON.parse(readFileSync(realData('amazon-beauty/attributes.json'), 'utf8'));
}

function nearest(vectors: Float32Array, width: number, item: number): number {
  const row = (at: number) => vectors.subarray(at * width, (at + 1) * width);
  const own = row(item);
  const cosines = Array.from({ length: vectors.length / width }, (_, at) =>
    at === item ? -1 : row(at).reduce((sum, value, axis) => sum + value * own[axis]!, 0),
  );
  return cosines.indexOf(Math.max(...cosines));
}

function jaccard(a: readonly number[], b: readonly number[]): number {
  const both = a.filter((attribute) => b.includes(attribute)).length;
  return both / (a.length + b.length - both || 1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
