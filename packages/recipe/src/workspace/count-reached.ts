import type { Program } from '@rodpo/compile';
import type { NamedArray } from '@rodpo/files';
import type { ScoreBlock } from '../steps/score-block-steps.ts';
import { padded } from './padded.ts';

interface Asked {
  readonly users: Float32Array;
  readonly goals: Float32Array;
  readonly items: NamedArray;
}

/** How many items, over all blocks, score at least as much as each user's goal. */
export async function countReached(
  program: Program,
  { users, items: size, width }: ScoreBlock,
  begins: readonly number[],
  { users: vectors, goals, items }: Asked,
): Promise<Float64Array> {
  const counts = new Float64Array(goals.length);
  const counted = begins.map((begin, index) =>
    newItems(begin, begins[index - 1] ?? begin - size, size),
  );
  for (let first = 0; first < goals.length; first += users) {
    const asked = padded(vectors, first * width, users * width);
    const own = padded(goals, first, users);
    for (const [index, begin] of begins.entries()) {
      const block = (items.data as Float32Array).subarray(begin * width, (begin + size) * width);
      const run = { users: asked, items: block, goals: own, counted: counted[index]! };
      const { counts: reached } = await program.run(run);
      const last = Math.min(users, goals.length - first);
      for (let user = 0; user < last; user++) counts[first + user]! += reached![user]!;
    }
  }
  return counts;
}

/** 1 for the items that the block before does not hold. */
function newItems(begin: number, before: number, size: number): Float32Array {
  return new Float32Array(size).fill(1).fill(0, 0, before + size - begin);
}
