import { leaveOneOut } from '@rodpo/data';
import { intervalBuckets } from '@rodpo/encoder';
import { type Config, ConfigError } from '../config/config.ts';
import { intervalSettings } from '../config/interval-settings.ts';
import { countRepeats } from './count-repeats.ts';
import type { Dataset } from './dataset.ts';
import { perSecond, type TimeUnit, timeUnit } from './time-unit.ts';

/**
 * What a person should know of prepared data before figures are made from it.
 *
 * @returns warnings, a line each
 * @throws {ConfigError} if there is nothing to learn from or to rank, or most intervals that the
 * encoder would read are cut to the longest one
 */
export function checkDataset(dataset: Dataset, config: Config): string[] {
  requireEnough(dataset);
  return [...repeatWarnings(dataset), ...timeWarnings(dataset, config)];
}

function requireEnough({ sequences }: Dataset): void {
  const { train, test } = leaveOneOut(sequences);
  if (test.length > 0 && train.some(({ length }) => length >= 2)) return;
  const longest = sequences.reduce((most, { length }) => Math.max(most, length), 0);
  throw new ConfigError(
    `There is nothing to ${test.length > 0 ? 'learn from' : 'rank'}: of ${sequences.length} users ` +
      `none has more than ${longest} interactions. The last two are held out where there are 3 or ` +
      'more, and a pair to learn from needs two besides, so some users must have 4. Bring more data, ' +
      'or look whether the columns of users and items are the right ones.',
  );
}

function repeatWarnings(dataset: Dataset): string[] {
  const { repeats, duplicates, validationTargets, testTargets } = countRepeats(dataset);
  if (repeats === 0) return [];
  const total = dataset.sequences.reduce((sum, { length }) => sum + length, 0);
  const { test } = leaveOneOut(dataset.sequences);
  const targets =
    `The held-out item is in the user's own history for ${share(testTargets, test.length)} of the ` +
    `test targets and ${share(validationTargets, test.length)} of the validation targets`;
  return [
    `${share(repeats, total)} interactions repeat an item of the same user` +
      (duplicates > 0 ? `, ${duplicates} of them at the same time (duplicate lines?)` : '') +
      `. ${targets}: a model that repeats the history finds those. Remove repeats from the file, ` +
      'unless choosing an item again is what is to be learnt.',
  ];
}

/** `12 of 400 (3.0 %)`. */
function share(count: number, total: number): string {
  return `${count} of ${total} (${((100 * count) / total).toFixed(1)} %)`;
}

function timeWarnings(dataset: Dataset, config: Config): string[] {
  const unit = dataset.times && timeUnit(dataset.times);
  const found = unit && unit !== 'seconds' ? inOtherUnit(unit) : undefined;
  const cut = shareOfCutIntervals(dataset, config);
  if (cut > 0.5) {
    throw new ConfigError(
      `${(100 * cut).toFixed(0)} % of the intervals between interactions are longer than the ` +
        `longest that the encoder tells apart. ${found ?? 'Are the times in seconds?'} Or give the ` +
        'encoder more intervals (intervalCount).',
    );
  }
  return found ? [found] : [];
}

function inOtherUnit(unit: TimeUnit): string {
  return (
    `The times look like ${unit}, and seconds are expected: divide the column of times by ` +
    `${perSecond(unit).toLocaleString('en-US')}.`
  );
}

/** Of the intervals that the encoder would read, those that share the last bucket; 0 if it reads none. */
function shareOfCutIntervals({ times }: Dataset, config: Config): number {
  const settings = intervalSettings(config);
  if (!settings || !times) return 0;
  let cut = 0;
  let total = 0;
  for (const own of times) {
    const buckets = intervalBuckets(own, settings).subarray(1); // the first has none before
    total += buckets.length;
    for (const bucket of buckets) if (bucket === settings.count - 1) cut++;
  }
  return total === 0 ? 0 : cut / total;
}
