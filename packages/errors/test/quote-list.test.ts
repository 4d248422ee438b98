import { quoteList } from '@rodpo/errors';
import { expect, test } from 'vitest';

test('names stand between quotes, safe for a terminal', () => {
  expect(quoteList(['a', 'b\u001b[31m'])).toBe('"a", "b\\u{1b}[31m"');
  expect(quoteList([])).toBe('none');
});

test('a long list is cut, and what is left out is counted', () => {
  const names = Array.from({ length: 250_000 }, (_, index) => `c${index}`);

  expect(quoteList(names, 3)).toBe('"c0", "c1", "c2", … (249997 more)');
  expect(quoteList(names.slice(0, 3), 3)).toBe('"c0", "c1", "c2"');
});
