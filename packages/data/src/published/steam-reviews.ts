import { TextFormatError } from '@rodpo/files';
import type { Interaction } from '../interactions/gather-interactions.ts';
import { parsePythonLiteral } from './python-literal.ts';
import { textLines } from './text-lines.ts';

/**
 * Reviews of `steam_reviews.json.gz`: a dict of Python 2 in each line, with the day of the review. An id
 * that is missing is left to whoever reads the rows.
 *
 * @throws {TextFormatError} with file and line, if a line is no dict
 */
export async function* steamReviews(files: readonly string[]): AsyncGenerator<Interaction, void> {
  for (const file of files) {
    for await (const [number, line] of textLines(file)) yield reviewIn(line, { file, number });
  }
}

function reviewIn(line: string, { file, number }: { file: string; number: number }): Interaction {
  const fail = (got: string, cause?: unknown) => {
    const problem = `expected a review of Steam, which is a dict of Python, got another line: ${got}`;
    return new TextFormatError(file, number, `${problem}. Bring the file anew.`, { cause });
  };
  try {
    const review = parsePythonLiteral(line) as Readonly<Record<string, unknown>> | null;
    if (typeof review !== 'object' || review === null) throw fail('something else');
    const { username, product_id, date } = review;
    return {
      user: username as string,
      item: product_id as string,
      time: new Date(String(date)),
    };
  } catch (cause) {
    throw cause instanceof SyntaxError ? fail(cause.message, cause) : cause;
  }
}
