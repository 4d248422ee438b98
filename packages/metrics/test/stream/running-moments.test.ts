import { type RunningMoments, runningMoments } from '@rodpo/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const streamOf = (values: readonly number[]): RunningMoments => {
  const stream = runningMoments();
  for (const value of values) stream.add(value);
  return stream;
};

test('mean and standard error, by hand', () => {
  // 2, 4, 9: mean 5, squared deviations 9 + 1 + 16 = 26, variance 13, standard error √(13 / 3).
  expect(streamOf([2, 4, 9]).result()).toEqual({
    count: 3,
    mean: 5,
    squaredDeviations: 26,
    standardError: Math.sqrt(13 / 3),
  });
});

test('no value has no mean, one value no standard error', () => {
  const nan = Number.NaN;

  expect(runningMoments().result()).toEqual({
    count: 0,
    mean: nan,
    squaredDeviations: 0,
    standardError: nan,
  });
  expect(streamOf([3]).result()).toEqual({
    count: 1,
    mean: 3,
    squaredDeviations: 0,
    standardError: nan,
  });
});

test('keeps its digits far from zero, where a sum of squares would lose all of them', () => {
  const stream = runningMoments();
  for (let index = 0; index < 10_000; index++) stream.add(1e9 + (index % 2));
  const { mean, squaredDeviations } = stream.result();

  expect(mean).toBeCloseTo(1e9 + 0.5, 5);
  expect(squaredDeviations).toBeCloseTo(2500, 3); // each is ½ away
});

const anyValues = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 30 });

test('agrees with two passes over the values', () => {
  fc.assert(
    fc.property(anyValues, (values) => {
      fc.pre(values.length >= 2);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const result = streamOf(values).result();

      expect(result.mean).toBeCloseTo(mean, 9);
      expect(result.squaredDeviations).toBeCloseTo(squares, 5);
      expect(result.standardError ** 2).toBeCloseTo(
        squares / (values.length - 1) / values.length,
        5,
      );
    }),
  );
});

test('merged streams are one stream, in any order, and the other stays as it is', () => {
  fc.assert(
    fc.property(anyValues, anyValues, (first, second) => {
      const whole = streamOf([...first, ...second]).result();
      for (const [own, taken] of [
        [first, second],
        [second, first],
      ] as const) {
        const merged = streamOf(own);
        const other = streamOf(taken);
        const before = other.result();
        merged.merge(other);
        const result = merged.result();

        expect(result.count).toBe(whole.count);
        if (whole.count > 0) expect(result.mean).toBeCloseTo(whole.mean, 9);
        else expect(result.mean).toBeNaN();
        expect(result.squaredDeviations).toBeCloseTo(whole.squaredDeviations, 5);
        expect(other.result()).toEqual(before);
      }
    }),
  );
});

test('merges what came as a message, and itself', () => {
  const stream = streamOf([1, 2]);
  const message = structuredClone(streamOf([3]).result());
  stream.merge({ result: () => message });
  stream.merge(stream);

  expect(stream.result()).toMatchObject({ count: 6, mean: 2, squaredDeviations: 4 });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('rejects %d', (value) => {
  const stream = streamOf([1]);

  expect(() => stream.add(value)).toThrow(
    new RangeError(
      `value must be finite, got ${value}. ` +
        'Count what has no value apart, for it would hide the rest.',
    ),
  );
  expect(stream.result().count).toBe(1);
});
