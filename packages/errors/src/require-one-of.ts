import { actionable } from './actionable.ts';
import { quote } from './quote.ts';
import { quoteList } from './quote-list.ts';

/**
 * For a setting that is one of a few words: a misspelt one must not pass for another.
 *
 * @throws {RangeError} (marked as actionable) unless `value` is one of `known`, with `name`, what was expected
 * and what came
 */
export function requireOneOf(name: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  throw actionable(
    new RangeError(`${name} must be one of ${quoteList(known)}, got ${quote(String(value))}`),
  );
}
