import { falseNegativeRate, negativeHardness, poolOverlap } from '@rodpo/metrics';
import { permutation, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ragged } from '../beyond-accuracy/lists.ts';
import { beyond } from '../golden/beyond.ts';

const nan = Number.NaN;

describe('falseNegativeRate', () => {
  const negatives = Int32Array.of(1, 2, 3, 1, 1, -1); // two rows of three

  test('counts the draws that are relevant in their own row', () => {
    // Row 0: 2 of 1, 2, 3. Row 1: 1 twice, and the fill is no draw.
    expect(
      falseNegativeRate(
        negatives,
        3,
        ragged([
          [2, 9],
          [1, 3],
        ]),
      ),
    ).toEqual({
      rate: 3 / 5,
      falseNegatives: 3,
      drawn: 5,
    });
    expect(falseNegativeRate(negatives, 3, ragged([[], [2, 3]])).falseNegatives).toBe(0);
  });

  test('a test says the same as lists', () => {
    const items = fc.array(fc.uniqueArray(fc.nat(9)), { minLength: 1, maxLength: 6 });

    fc.assert(
      fc.property(items, fc.infiniteStream(fc.nat(9)), (relevant, stream) => {
        const drawn = Int32Array.from({ length: relevant.length * 4 }, () => stream.next().value);
        const found = falseNegativeRate(drawn, 4, ragged(relevant));
        const isRelevant = (row: number, item: number) => relevant[row]!.includes(item);
        const rows = relevant.map((own, row) =>
          [...drawn.slice(4 * row, 4 * row + 4)].filter((item) => own.includes(item)),
        );

        expect(found.falseNegatives).toBe(rows.flat().length);
        expect(falseNegativeRate(drawn, 4, isRelevant)).toEqual(found);
      }),
    );
  });

  test('nothing drawn is not a number', () => {
    expect(falseNegativeRate(new Int32Array(0), 3, () => true).rate).toBeNaN();
    expect(falseNegativeRate(Int32Array.of(-1), 1, () => true)).toEqual({
      rate: nan,
      falseNegatives: 0,
      drawn: 0,
    });
  });

  test('rejects shapes that do not fit', () => {
    expect(() => falseNegativeRate(negatives, 4, () => true)).toThrow(
      'expected negatives to hold whole rows of 4, got 6',
    );
    expect(() => falseNegativeRate(negatives, 2, ragged([[1], [2]]))).toThrow(
      'expected relevant to have 3 rows, got 2',
    );
  });
});

describe('poolOverlap', () => {
  test('hand-worked: three of four, all, nothing', () => {
    const previous = Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 1, 2, -1, -1, -1, -1, -1, -1);
    const pool = Int32Array.of(4, 3, 2, 9, 8, 7, 6, 5, 3, 4, 5, -1, -1, -1, -1, -1);

    expect(poolOverlap(previous, pool, 4)).toEqual({
      jaccard: Float64Array.of(3 / 5, 1, 0, nan),
      kept: Float64Array.of(3 / 4, 1, 0, nan),
    });
  });

  test('pools of different sizes: kept is a share of the previous one', () => {
    expect(poolOverlap(Int32Array.of(1, 2, -1), Int32Array.of(2, 3, 4), 3)).toEqual({
      jaccard: Float64Array.of(1 / 4),
      kept: Float64Array.of(1 / 2),
    });
  });

  test('Jaccard is the same both ways, and the order within a pool does not matter', () => {
    const pool = fc.uniqueArray(fc.nat(15), { minLength: 6, maxLength: 6 });

    fc.assert(
      fc.property(pool, pool, (a, b) => {
        const [previous, next] = [Int32Array.from(a), Int32Array.from(b)];
        const found = poolOverlap(previous, next, 6);

        expect(poolOverlap(next, previous, 6).jaccard).toEqual(found.jaccard);
        expect(poolOverlap(previous, next.toReversed(), 6)).toEqual(found);
        // |A ∩ B| / |A ∪ B| of equal sizes n: kept / (2 − kept)
        expect(found.jaccard[0]).toBeCloseTo(found.kept[0]! / (2 - found.kept[0]!), 14);
      }),
    );
  });

  test('rejects pools of another shape', () => {
    expect(() => poolOverlap(Int32Array.of(1), Int32Array.of(1, 2), 1)).toThrow(
      'expected pools of the same shape, got 1 and 2 items',
    );
    expect(() => poolOverlap(Int32Array.of(1), Int32Array.of(2), 2)).toThrow(
      'expected pool to hold whole rows of 2, got 1',
    );
  });
});

describe('negativeHardness', () => {
  test('hand-worked: the share of other items below, ties by half', () => {
    //       row 0: best 2, then 0 and 3 level, worst 1; row 1: all level.
    const scores = Float32Array.of(1, 0, 5, 1, 7, 7, 7, 7);
    const hardness = (negatives: number[]) =>
      negativeHardness(Int32Array.from(negatives), 2, scores, 4);

    expect(hardness([2, -1, 0, -1])).toEqual(Float64Array.of(1, 0.5));
    expect(hardness([1, 2, 3, 1])).toEqual(Float64Array.of(0.5, 0.5));
    expect(hardness([0, 0, -1, -1])).toEqual(Float64Array.of(0.5, nan)); // (1 + ½) / 3
  });

  test('agrees with the ranks of SciPy', () => {
    const { negatives, count, scores, itemCount, values } = beyond.hardness;

    expectAllClose(negativeHardness(Int32Array.from(negatives), count, scores, itemCount), values, {
      relative: 1e-14,
      absolute: 0,
    });
  });

  test('all items together average one half', () => {
    const scores = Float32Array.from({ length: 40 }, seededRandom(5));
    const all = permutation(40, seededRandom(6));

    expectAllClose(negativeHardness(Int32Array.from(all), 40, scores, 40), [0.5]);
  });

  test('rejects what does not fit', () => {
    const scores = new Float32Array(8);

    expect(() => negativeHardness(Int32Array.of(0, 1, 2), 1, scores, 4)).toThrow(
      'expected 4 scores for each of 3 rows, got 8',
    );
    expect(() => negativeHardness(Int32Array.of(0, 4), 1, scores, 4)).toThrow(
      'item must be an integer from 0 to 3, got 4',
    );
  });
});
