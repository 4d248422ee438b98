import { perSecond, TimesMissingError, type TimeUnit, timesInSeconds, timeUnit } from '@rodpo/data';
import { isActionable } from '@rodpo/errors';
import { expect, test } from 'vitest';

const units: [TimeUnit, number][] = [
  ['seconds', 1],
  ['milliseconds', 1e3],
  ['microseconds', 1e6],
  ['nanoseconds', 1e9],
];

/** Two users; 2015-01-01 and each fortieth day from then on. */
const dates = (factor: number) =>
  [[0, 1, 2, 3, 4], [2]].map((places) =>
    Float64Array.from(places, (place) => (1_420_070_400 + place * 40 * 86_400) * factor),
  );

const datasetOf = (times: Float64Array[]) => ({
  userIds: times.map((_, user) => `u${user}`),
  itemIds: ['i'],
  sequences: times.map(({ length }) => new Int32Array(length)),
  times,
});

test.each(units)('dates in %s are told by their magnitude, and become seconds', (unit, factor) => {
  const dataset = datasetOf(dates(factor));

  expect(perSecond(unit)).toBe(factor);
  expect(timeUnit(dataset.times)).toBe(unit);
  expect(timesInSeconds(dataset, 'auto')).toEqual({ dataset: datasetOf(dates(1)), unit });
  expect(timesInSeconds(dataset, unit)).toEqual({ dataset: datasetOf(dates(1)), unit });
});

// 1e8 s is in 1973 and 1e10 s in 2286; the units do not touch, so what lies outside is nothing.
test.each([
  [1e8, 'seconds'],
  [1e10 - 1, 'seconds'],
  [1e10, undefined],
  [1e11 - 1, undefined],
  [1e11, 'milliseconds'],
  [1e17, 'nanoseconds'],
  [1e19, undefined],
])('a time of %d is taken for %s', (time, unit) => {
  expect(timeUnit([Float64Array.of(time)])).toBe(unit);
});

test.each([[[0, 1, 2]], [[16_436, 16_500, 20_000]], [[20150101, 20150102, 20150301]], [[]]])(
  'times %j say no date in any of these units, and stay',
  (own) => {
    const dataset = datasetOf([Float64Array.from(own)]);

    expect(timeUnit(dataset.times)).toBeUndefined();
    expect(timesInSeconds(dataset, 'auto')).toEqual({ dataset, unit: undefined });
    expect(timesInSeconds(dataset, 'auto').dataset).toBe(dataset);
  },
);

test('a stray time or two do not decide', () => {
  const times = [...dates(1e3), Float64Array.of(0), Float64Array.of(5)];

  expect(timeUnit(times.slice(0, 3))).toBe('milliseconds');
});

test('what stands beside the times stays, and what is in seconds is not copied', () => {
  const dataset = { ...datasetOf(dates(1e3)), liked: new Uint8Array(2) };
  const { dataset: converted } = timesInSeconds(dataset, 'milliseconds');

  expect(converted.liked).toBe(dataset.liked);
  expect(converted.sequences).toBe(dataset.sequences);
  expect(dataset.times).toEqual(dates(1e3));
  expect(timesInSeconds(converted, 'seconds').dataset).toBe(converted);
});

test('without times there is no unit, and none may be named', () => {
  const { times: _, ...timeless } = datasetOf(dates(1));

  expect(timesInSeconds(timeless, 'auto')).toEqual({ dataset: timeless, unit: undefined });
  expect(() => timesInSeconds(timeless, 'seconds')).toThrow(TimesMissingError);
});

test('a unit that there is not is refused', () => {
  const named = () => timesInSeconds(datasetOf(dates(1)), 'days' as never);

  expect(named).toThrow(/must be one of 'seconds', .*'nanoseconds', got "days"/);
  try {
    named();
  } catch (error) {
    expect(isActionable(error)).toBe(true);
  }
});
