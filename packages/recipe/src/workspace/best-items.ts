import type { Program } from '@rodpo/compile';
import type { NamedArray } from '@rodpo/files';
import type { ScoreBlock } from '../steps/score-block-steps.ts';
import { padded } from './padded.ts';

/** The best items of one user, best first. */
export interface BestItems {
  readonly items: Int32Array;
  readonly scores: Float32Array;
}

/** Each user's best items over all blocks, whose own best ones are merged. */
export async function bestItems(
  program: Program,
  { users, items: size, width }: ScoreBlock,
  begins: readonly number[],
  { users: vectors, items, count }: { users: Float32Array; items: NamedArray; count: number },
): Promise<BestItems[]> {
  const userCount = vectors.length / width;
  const found: BestItems[] = Array.from({ length: userCount }, () => nothing);
  for (let first = 0; first < userCount; first += users) {
    const asked = padded(vectors, first * width, users * width);
    for (const [index, begin] of begins.entries()) {
      const block = (items.data as Float32Array).subarray(begin * width, (begin + size) * width);
      const { items: indices, scores } = await program.run({ users: asked, items: block });
      const kept = indices!.length / users;
      const known = index === 0 ? begin : begins[index - 1]! + size;
      for (let user = 0; user < Math.min(users, userCount - first); user++) {
        // Most blocks have nothing better for most users; while places are free, nothing is skipped.
        if (scores![user * kept]! <= found[first + user]!.scores[count - 1]!) continue;
        const at = [user * kept, (user + 1) * kept] as const;
        const own = {
          items: (indices as Int32Array).subarray(...at).map((item) => item + begin),
          scores: (scores as Float32Array).subarray(...at),
        };
        found[first + user] = merged(found[first + user]!, own, { known, count });
      }
    }
  }
  return found;
}

const nothing: BestItems = { items: new Int32Array(0), scores: new Float32Array(0) };

/** The best of two lists; of the second one those before item `known` are in the first one's blocks. */
function merged(
  left: BestItems,
  right: BestItems,
  { known, count }: { readonly known: number; readonly count: number },
): BestItems {
  const length = Math.min(
    count,
    left.items.length + right.items.filter((item) => item >= known).length,
  );
  const items = new Int32Array(length);
  const scores = new Float32Array(length);
  let [a, b] = [0, 0];
  for (let place = 0; place < length; place++) {
    while (right.items[b]! < known) b++;
    // Ties go to the left, whose items come first; past the end of the right nothing is greater.
    const isLeft = a < left.items.length && !(right.scores[b]! > left.scores[a]!);
    const [from, at] = isLeft ? [left, a++] : [right, b++];
    items[place] = from.items[at]!;
    scores[place] = from.scores[at]!;
  }
  return { items, scores };
}
