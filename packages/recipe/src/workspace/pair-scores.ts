import type { Program } from '@rodpo/compile';
import type { EmbeddingTable } from '@rodpo/embeddings';
import type { ScoreBlock } from '../steps/score-block-steps.ts';

/** Some of the rows of a table. */
export interface Rows {
  readonly table: EmbeddingTable;
  readonly indices: Int32Array;
}

/** Score of each row on the left for the one on the right, so many at a time as the program takes. */
export async function pairScores(
  program: Program,
  { users, width }: ScoreBlock,
  left: Rows,
  right: Rows,
): Promise<Float32Array> {
  const found = new Float32Array(left.indices.length);
  const side = () => new Float32Array(users * width);
  const [of, to] = [side(), side()];
  for (let begin = 0; begin < found.length; begin += users) {
    const end = Math.min(begin + users, found.length);
    left.table.gather(left.indices.subarray(begin, end), of);
    right.table.gather(right.indices.subarray(begin, end), to);
    const { scores } = await program.run({ users: of, items: to });
    found.set((scores as Float32Array).subarray(0, end - begin), begin);
  }
  return found;
}
