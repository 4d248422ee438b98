import { geometricSchedule, linearSchedule } from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';

const exact = { absolute: 0, relative: 1e-14 };

test('a linear schedule goes by equal differences, and stays', () => {
  const size = linearSchedule({ from: 100, to: 20, steps: 4 });

  expectAllClose([0, 1, 2, 3, 4, 5, 1e9].map(size), [100, 80, 60, 40, 20, 20, 20], exact);
});

test('a geometric schedule goes by equal factors, and stays', () => {
  const size = geometricSchedule({ from: 1, to: 81, steps: 4 });

  expectAllClose([0, 1, 2, 3, 4, 5, 1e9].map(size), [1, 3, 9, 27, 81, 81, 81], exact);
});

test.each([0, 1.5, Number.NaN])('rejects %d steps', (steps) => {
  for (const schedule of [linearSchedule, geometricSchedule]) {
    expect(() => schedule({ from: 1, to: 2, steps })).toThrow(
      new RangeError(`steps must be a positive integer, got ${steps}`),
    );
  }
});

test('rejects ends that lead nowhere', () => {
  expect(() => linearSchedule({ from: Infinity, to: 2, steps: 1 })).toThrow(
    /^from and to must be finite, got Infinity/,
  );
  expect(() => geometricSchedule({ from: 1, to: 0, steps: 1 })).toThrow(
    /^from and to must be positive and finite, got 0/,
  );
});
