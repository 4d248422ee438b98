import { quote } from './quote.ts';

/**
 * Names for an error's message, each as `quote` writes it: `"a", "b", "c"`. At most `limit` of them
 * (default 10) are shown, and what is left out is counted; of none, it says `none`.
 */
export function quoteList(names: readonly string[], limit = 10): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, limit).map((name) => quote(name));
  const left = names.length - shown.length;
  return left > 0 ? `${shown.join(', ')}, … (${left} more)` : shown.join(', ');
}
