import { intervalBuckets } from '@rodpo/encoder';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packHistories } from '../src/reading/pack-histories.ts';
import { isWithinReach, timeInputs } from '../src/reading/time-inputs.ts';

test('every history has a place of its own within one row', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 40 });
  fc.assert(
    fc.property(lengths, (all) => {
      const { rows, places } = packHistories(all, 10);
      const taken = new Map<number, number>(); // segment by token

      expect(places.map(({ history }) => history).sort((a, b) => a - b)).toEqual([...all.keys()]);
      for (const { history, start, length, segment } of places) {
        expect(length).toBe(all[history]);
        expect(Math.floor(start / 10)).toBe(Math.floor((start + length - 1) / 10));
        expect(start + length).toBeLessThanOrEqual(10 * rows);
        for (let token = start; token < start + length; token++) {
          expect(taken.has(token)).toBe(false);
          taken.set(token, segment);
        }
      }
      // Neighbours of one row are told apart, and none is taken for padding.
      const ofRows = places.map(({ start, segment }) => `${Math.floor(start / 10)} ${segment}`);
      expect(new Set(ofRows).size).toBe(places.length);
      expect(places.every(({ segment }) => segment > 0)).toBe(true);
      // No two rows would fit in one: that is what first fit promises.
      const used = Array.from({ length: rows }, (_, row) =>
        places.reduce((sum, at) => sum + (Math.floor(at.start / 10) === row ? at.length : 0), 0),
      );
      const sorted = used.sort((a, b) => a - b);
      if (sorted.length > 1) expect(sorted[0]! + sorted[1]!).toBeGreaterThan(10);
    }),
  );
});

test('every history has the first row with room for it, longest first', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 200 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 12, max: 30 }), (all, rowLength) => {
      const used: number[] = [];
      const byLength = [...all.entries()].sort(([a, left], [b, right]) => right - left || a - b);
      const expected = byLength.map(([history, length]) => {
        const fitting = used.findIndex((tokens) => tokens + length <= rowLength);
        const row = fitting < 0 ? used.length : fitting;
        const start = row * rowLength + (used[row] ?? 0);
        used[row] = (used[row] ?? 0) + length;
        return { history, start, length };
      });
      const { rows, places } = packHistories(all, rowLength);

      expect(rows).toBe(used.length);
      expect(places.map(({ segment: _, ...place }) => place)).toEqual(expected);
    }),
  );
});

test('many histories are packed in a moment', () => {
  // Full rows are not passed over again for each of these; so done, it takes 16 s and more.
  const start = performance.now();
  const { rows } = packHistories(new Array(60_000).fill(50), 50);

  expect(rows).toBe(60_000);
  expect(performance.now() - start).toBeLessThan(5000);
});

test('times are read as the encoder was taught to read them', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 20 });
  const options = fc.record({
    count: fc.integer({ min: 1, max: 64 }),
    perOctave: fc.double({ min: 0.1, max: 20, noNaN: true }),
  });
  fc.assert(
    fc.property(gaps, options, (own, settings) => {
      let now = 1e9;
      const times = own.map((gap) => (now += gap));
      const read = timeInputs(times, { first: 1e9, last: 3e9, ...settings });

      expect(read.intervals).toEqual(intervalBuckets(times, settings));
      expect(read.times).toEqual(Float32Array.from(times, (time) => (time - 1e9) / 2e9));
    }),
  );
  // All at once, nothing can be told by the time.
  expect(timeInputs([5], { first: 5, last: 5, count: 2, perOctave: 1 }).times[0]).toBe(0);
});

test('of times within reach, an encoder is given what it can calculate with', () => {
  const anyTime = fc.double({ noNaN: true });
  fc.assert(
    fc.property(anyTime, anyTime, anyTime, (time, first, last) => {
      const settings = { first, last, count: 8, perOctave: 1 };
      const read = () => timeInputs([time], settings).times[0]!;

      fc.pre(isWithinReach(time, settings));
      expect(Math.abs(read())).toBeLessThanOrEqual(2 ** 64);
    }),
  );
  const settings = { first: 100, last: 300, count: 8, perOctave: 1 };
  expect([1e9, -1e9, 1e21, 1e22, Number.NaN].map((time) => isWithinReach(time, settings))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
