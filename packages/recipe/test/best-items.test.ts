import type { Program } from '@rodpo/compile';
import { seededRandom } from '@rodpo/random';
import { expect, test } from 'vitest';
import { bestItems } from '../src/workspace/best-items.ts';
import { itemBlocks } from '../src/workspace/item-blocks.ts';

const width = 3;

interface Scene {
  readonly userCount: number;
  readonly itemCount: number;
  /** Users and, at most, items of a block. */
  readonly block: readonly [users: number, items: number];
  readonly count: number;
}

/** Scores of a row of `left` for the rows of `right`, best first, ties to the lower index. */
function sorted(left: Float32Array, right: Float32Array, row: number) {
  const scores = Array.from({ length: right.length / width }, (_, item) => {
    let score = 0;
    for (let axis = 0; axis < width; axis++) {
      score += left[row * width + axis]! * right[item * width + axis]!;
    }
    return { item, score };
  });
  return scores.sort((a, b) => b.score - a.score || a.item - b.item);
}

/** What `bestStep` computes, by a sort; it keeps which blocks it was asked about. */
function sortingProgram({ block: [users] }: Scene, size: number, count: number) {
  const asked: number[][] = [];
  const program: Pick<Program, 'run'> = {
    run: async ({ users: vectors, items }) => {
      asked.push([vectors!.length, items!.length]);
      const best = Array.from({ length: users }, (_, row) =>
        sorted(vectors as Float32Array, items as Float32Array, row).slice(0, Math.min(count, size)),
      ).flat();
      return {
        items: Int32Array.from(best, ({ item }) => item),
        scores: Float32Array.from(best, ({ score }) => score),
      };
    },
  };
  return { program: program as Program, asked };
}

const scenes: [string, Scene][] = [
  ['blocks that overlap', { userCount: 11, itemCount: 50, block: [4, 17], count: 6 }],
  ['as many as there are', { userCount: 5, itemCount: 23, block: [2, 4], count: 23 }],
  ['more than there are', { userCount: 5, itemCount: 23, block: [2, 4], count: 40 }],
  ['more than a block holds', { userCount: 6, itemCount: 31, block: [3, 8], count: 10 }],
  ['the best two', { userCount: 9, itemCount: 40, block: [4, 7], count: 2 }],
  ['the best one', { userCount: 9, itemCount: 40, block: [4, 7], count: 1 }],
  ['one block', { userCount: 3, itemCount: 8, block: [4, 8], count: 5 }],
];

test.each(scenes)('%s: the best items are those of one sort', async (_, scene) => {
  const { userCount, itemCount, block, count } = scene;
  const [users, most] = block;
  for (let seed = 0; seed < 20; seed++) {
    const random = seededRandom(seed);
    // Small integers: many scores are equal.
    const digits = (length: number) =>
      Float32Array.from({ length: length * width }, () => Math.floor(random() * 4) - 1);
    const [vectors, data] = [digits(userCount), digits(itemCount)];
    const { size, begins } = itemBlocks(itemCount, most);
    const { program, asked } = sortingProgram(scene, size, count);
    const found = await bestItems(program, { users, items: size, width }, begins, {
      users: vectors,
      items: { shape: [itemCount, width], data },
      count,
    });

    const expected = Array.from({ length: userCount }, (__, user) =>
      sorted(vectors, data, user).slice(0, count),
    );
    expect(found.map(({ items }) => [...items])).toEqual(
      expected.map((own) => own.map(({ item }) => item)),
    );
    expect(found.map(({ scores }) => [...scores])).toEqual(
      expected.map((own) => own.map(({ score }) => score)),
    );
    // Each block of users meets each block of items once, all of one size.
    expect(asked).toEqual(
      Array.from({ length: Math.ceil(userCount / users) * begins.length }, () => [
        users * width,
        size * width,
      ]),
    );
  }
});
