import { perSecond, type TimeUnit } from '@rodpo/data';
import type { Config } from '../config/config.ts';
import { intervalSettings } from '../config/interval-settings.ts';
import type { Judgement } from '../config/judgement.ts';
import { share, shareOf } from '../report/share-of.ts';
import type { DatasetFigures } from './dataset-figures.ts';

/** Shares from which on something is worth a word; rules of thumb, not laws. */
const limits = {
  /** Interactions at the time of another one of their user. */
  tied: 0.1,
  /** Users whose history is cut. */
  longer: 0.2,
  /** Items that hardly anything is known of. */
  rare: 0.5,
  /** Test items that nothing was learnt of. */
  unseen: 0.05,
  /** Intervals that the encoder takes for its longest one: beyond, it reads no times. */
  cut: 0.5,
};

/** What figures of data say to whoever is about to train on them: errors first. */
export function judgeDataset(figures: DatasetFigures, config: Config): Judgement[] {
  const error = (message: string | undefined) => judged('error', message);
  const warning = (message: string | undefined) => judged('warning', message);
  return [
    ...error(nothingToLearn(figures, config)),
    ...error(noTimes(figures, config)),
    ...error(cutIntervals(figures)),
    ...warning(repeats(figures)),
    ...warning(cutIntervals(figures) === undefined ? otherUnit(figures) : undefined),
    ...warning(undated(figures)),
    ...warning(ties(figures)),
    ...warning(longHistories(figures)),
    ...warning(rareItems(figures)),
    ...warning(unseenTargets(figures)),
  ];
}

function judged(severity: Judgement['severity'], message: string | undefined): Judgement[] {
  return message === undefined ? [] : [{ severity, message }];
}

type Found = string | undefined;

function nothingToLearn({ split, counts, lengths }: DatasetFigures, config: Config): Found {
  const { cases, validationCases, learners } = split;
  const wanting = [
    ...(learners > 0 ? [] : ['learn from']),
    ...(validationCases > 0 ? [] : ['select epochs with']),
    ...(cases > 0 ? [] : ['rank']),
  ];
  if (wanting.length === 0) return undefined;
  const missing = `There is nothing to ${wanting.join(' and nothing to ')}`;
  if (config.split.kind !== 'leave-one-out') {
    return (
      `${missing} by the split '${config.split.kind}': of ${counts.users} users ${learners} have a pair to learn ` +
      `from, ${validationCases} items validate and ${cases} test. Hold out another part, or bring more data.`
    );
  }
  return (
    `${missing}: of ${counts.users} users none has more than ${lengths.max} interactions. The last two are held out where there are 3 or ` +
    'more, and a pair to learn from needs two besides, so some users must have 4. Bring more data, ' +
    'or look whether the columns of users and items are the right ones.'
  );
}

function noTimes({ times }: DatasetFigures, config: Config): Found {
  if (times || !intervalSettings(config)) return undefined;
  return (
    'The encoder reads times, but the data has none. Use data with a column of times (a folder ' +
    'prepared before times were kept: run with --fresh), or an encoder without times.'
  );
}

function cutIntervals({ times }: DatasetFigures): Found {
  if (!times || times.cutIntervals <= limits.cut) return undefined;
  return (
    `${(100 * times.cutIntervals).toFixed(0)} % of the intervals between interactions are longer than ` +
    `the longest that the encoder tells apart. ${inOtherUnit(times.unit) ?? 'Are the times in seconds?'} ` +
    'Or give the encoder more intervals (intervalCount).'
  );
}

function repeats({ repeats, split, counts }: DatasetFigures): Found {
  if (repeats.repeats === 0) return undefined;
  const { duplicates } = repeats;
  return (
    `${shareOf(repeats.repeats, counts.interactions)} interactions repeat an item of the same user` +
    (duplicates > 0 ? `, ${duplicates} of them at the same time (duplicate lines?)` : '') +
    `. The held-out item is in the user's own history for ` +
    `${shareOf(repeats.testTargets, split.cases)} of the test targets and ` +
    `${shareOf(repeats.validationTargets, split.cases)} of the validation targets: a model that ` +
    'repeats the history finds those. Remove repeats, unless choosing an item again is what is to ' +
    'be learnt: from the file, or by data.steps of the source "table".'
  );
}

function otherUnit({ times }: DatasetFigures): Found {
  return times ? inOtherUnit(times.unit) : undefined;
}

function inOtherUnit(unit: TimeUnit | null): Found {
  if (unit === null || unit === 'seconds') return undefined;
  return (
    `The times look like ${unit}, and seconds are expected: divide the column of times by ` +
    `${perSecond(unit).toLocaleString('en-US')}.`
  );
}

function undated({ times, counts }: DatasetFigures): Found {
  if (!times || times.undated === 0) return undefined;
  return (
    `${shareOf(times.undated, counts.interactions)} interactions are dated before 1973 or after 2286 ` +
    `(from ${times.from} to ${times.to}): unknown times, written as a number? They stand first or last ` +
    'in their histories. Leave them out of the file.'
  );
}

function ties({ times, counts, split }: DatasetFigures): Found {
  if (!times || share(times.tied, counts.interactions) < limits.tied) return undefined;
  return (
    `${shareOf(times.tied, counts.interactions)} interactions are at the time of another one of the ` +
    `same user, where the order of the file decides, and ${shareOf(times.tiedTargets, split.cases)} of ` +
    'the test targets are at the time of the item before. Bring finer times if there are any; else ' +
    'small differences between models mean little.'
  );
}

function longHistories({ lengths, counts }: DatasetFigures): Found {
  if (share(lengths.longerUsers, counts.users) <= limits.longer) return undefined;
  return (
    `${shareOf(lengths.longerUsers, counts.users)} users have more than the ${lengths.maxLength} ` +
    `interactions that the encoder reads (95 % have at most ${Math.round(lengths.p95)}). Raise ` +
    'encoder.maxLength, with batch.rowLength, if older choices matter to the next one, or learn from ' +
    'windows of them (batch.windows).'
  );
}

function rareItems({ popularity, counts }: DatasetFigures): Found {
  if (share(popularity.rareItems, counts.items) <= limits.rare) return undefined;
  return (
    `${shareOf(popularity.rareItems, counts.items)} items have fewer than ${popularity.rareBelow} ` +
    'interactions: their ids learn next to nothing. Raise what an item must have (kCore, or a step ' +
    'of data.steps), or give the encoder vectors of images or texts.'
  );
}

function unseenTargets({ split }: DatasetFigures): Found {
  if (share(split.unseenTest, split.cases) <= limits.unseen) return undefined;
  return (
    `${shareOf(split.unseenTest, split.cases)} test items occur nowhere in what is learned from: by ` +
    'its id alone such an item cannot be found. Raise what an item must have, or give the encoder ' +
    'vectors of images or texts.'
  );
}
