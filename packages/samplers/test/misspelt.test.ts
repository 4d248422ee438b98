import { isActionable } from '@rodpo/errors';
import { inBatch, popularity, similarTo, topKPool, uniform } from '@rodpo/samplers';
import { expect, test } from 'vitest';

const lists = { offsets: Int32Array.of(0, 0, 0), items: new Int32Array() };

test.each<[option: string, word: string, use: (word: never) => unknown]>([
  ['of', 'history', (of) => similarTo(lists, { of })],
  ['tooFew', 'skip', (tooFew) => uniform({ itemCount: 2, tooFew })],
  ['tooFew', 'skip', (tooFew) => popularity({ counts: [1, 1], tooFew })],
  ['tooFew', 'skip', (tooFew) => inBatch({ tooFew })],
  ['weighting', 'ranks', (weighting) => topKPool({ poolSize: 2, weighting })],
])('%s: %j does not pass for another word', (option, word, use) => {
  const place = () => use(word as never);

  expect(place).toThrow(`${option} must be one of "`);
  try {
    place();
  } catch (error) {
    expect(isActionable(error)).toBe(true);
  }
});
