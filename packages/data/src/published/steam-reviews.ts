import type { Interaction } from '../interactions/gather-interactions.ts';
import { fieldsIn } from './line-fields.ts';
import { parsePythonLiteral } from './python-literal.ts';
import { textLines } from './text-lines.ts';

const wanted = {
  expected: 'a review of Steam, which is a dict of Python',
  advice: 'Bring the file anew.',
};

/**
 * Reviews of `steam_reviews.json.gz`: a dict of Python 2 in each line, with the day of the review. An id
 * that is missing is left to whoever reads the rows.
 *
 * @throws {TextFormatError} with file and line, if a line is no dict
 */
export async function* steamReviews(
  files: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Interaction, void> {
  for (const path of files) {
    for await (const [number, line] of textLines(path)) {
      signal?.throwIfAborted();
      const review = fieldsIn(() => parsePythonLiteral(line), { path, number, ...wanted });
      const { username, product_id, date } = review;
      yield { user: username as string, item: product_id as string, time: new Date(String(date)) };
    }
  }
}
