import { expect, test } from 'vitest';
import { type Cell, filler, type Rows } from './model.ts';
import { a, b, c, expectRowsClose, largestDifference } from './rows.ts';

/** An encoder with its weights, for rows of 8 tokens. */
export interface EncoderUnderTest {
  /**
   * The vectors of every cell. `filler` lies in padding, `absent` stands in the place of vectors
   * that items do not have.
   */
  readonly encode: (
    rows: Rows,
    given?: { readonly filler?: Cell; readonly absent?: number },
  ) => number[][];
}

/** What every encoder must hold to. Call it in a `describe` of the encoder's name. */
export function testSequenceEncoder({ encode }: EncoderUnderTest): void {
  test('a later item leaves earlier vectors unchanged', () => {
    const before = encode([[a, b]]);
    const after = encode([[[3, 7, 8, 12], b]]);

    expectRowsClose(after.slice(0, 2), before.slice(0, 2));
    for (const token of [2, 3]) {
      expect(largestDifference([after[token]!], [before[token]!])).toBeGreaterThan(1e-2);
    }
  });

  test('a sequence gives the same vectors wherever it lies, beside whatever', () => {
    const alone = encode([[b]]).slice(0, 3);

    expectRowsClose(encode([[a, b]]).slice(4, 7), alone);
    expectRowsClose(encode([[[11, 2, 0, 4], b]]).slice(4, 7), alone);
    expectRowsClose(encode([[c, b, [1]]]).slice(2, 5), alone);
    expectRowsClose(encode([[5, b]]).slice(5, 8), alone);
    expectRowsClose(encode([[a], [c, b]]).slice(10, 13), alone);
  });

  test('permuted rows give permuted vectors', () => {
    const together = encode([[a, b], [c, a]]); // biome-ignore format: rows
    const swapped = encode([[c, a], [a, b]]); // biome-ignore format: rows

    expectRowsClose(swapped, [...together.slice(8), ...together.slice(0, 8)]);
  });

  test('eight rows at once give what eight calls give', () => {
    const rows = [[a, b], [c, a], [b, c], [[4]], [c], [b, a], [a], [c, c, c]]; // biome-ignore format: rows

    expectRowsClose(
      encode(rows),
      rows.flatMap((row) => encode([row])),
    );
  });

  test('what lies in padding has no influence', () => {
    const [plain, filled] = [encode([[2, a]]), encode([[2, a]], { filler })];

    expectRowsClose(filled.slice(2, 6), plain.slice(2, 6));
    expect(filled[0]).not.toEqual(plain[0]);
    expect(filled.flat().every(Number.isFinite)).toBe(true);
  });

  test('what stands in the place of an absent vector changes nothing', () => {
    const rows = [[a, b], [c]]; // biome-ignore format: rows

    expect(encode(rows, { absent: 1e4 })).toEqual(encode(rows));
  });

  test('the order of items matters, and so does the position', () => {
    const [first, second] = [encode([[a]]), encode([[[7, 3, 1, 12]]])];

    expect(largestDifference([first[3]!], [second[3]!])).toBeGreaterThan(1e-2);
  });
}
