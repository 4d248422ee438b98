const signs = /[*?[]/g;

/** Whether a path is a pattern, which may name any number of files. */
export function isPattern(path: string): boolean {
  return path.search(signs) >= 0;
}

/** The pattern that names this path and no other, whatever is in its name: for `readTable` and `listTableFiles`. */
export function literalPattern(path: string): string {
  return path.replaceAll(signs, '[$&]');
}
