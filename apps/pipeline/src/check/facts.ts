import type { Modality } from '../config/feature-settings.ts';
import { ruleText } from '../ranking/rule-text.ts';
import { measured, wholeNumber } from '../report/format.ts';
import { shareOf } from '../report/share-of.ts';
import type { CheckReport, KnownModality } from './check-report.ts';

/** A line of the report: what it is about, and what is so. */
export interface Fact {
  readonly about: string;
  readonly says: string;
}

/** What was measured in what the steps kept, for the terminal and the page alike. */
export function factsOf(report: CheckReport): Fact[] {
  const { counts, repeats, split, lengths, popularity, rules } = report;
  const spread = `min ${lengths.min}, median ${measured(lengths.median)}, mean ${measured(lengths.mean)}`;
  const targets = (test: number, validation: number) =>
    `${shareOf(test, split.cases)} test, ${shareOf(validation, split.cases)} validation items`;
  return [
    ...tableFacts(report),
    {
      about: 'repeats',
      says:
        `${shareOf(repeats.repeats, counts.interactions)}, ${duplicatesOf(report)}; ` +
        `${wholeNumber(report.read.repeats.repeats)} as read`,
    },
    ...timeFacts(report),
    {
      about: 'lengths',
      says: `${spread}, 95 % up to ${measured(lengths.p95)}, max ${wholeNumber(lengths.max)}`,
    },
    {
      about: 'cut',
      says: `${shareOf(lengths.longerUsers, counts.users)} users have more than the ${lengths.maxLength} that are read`,
    },
    {
      about: 'popularity',
      says:
        `Gini ${popularity.gini.toFixed(2)}; ${shareOf(popularity.rareItems, counts.items)} items ` +
        `with fewer than ${popularity.rareBelow} interactions`,
    },
    { about: 'in history', says: targets(repeats.testTargets, repeats.validationTargets) },
    { about: 'unseen', says: targets(split.unseenTest, split.unseenValidation) },
    ...(rules.length === 0 ? [] : [{ about: 'to beat', says: ruleText(rules, 'ndcg@10') }]),
    ...report.modalities.map(({ modality, from, matched }) => ({
      about: modality,
      says: `${shareOf(matched, counts.items)} items have ${nameOf(modality, from)}`,
    })),
  ];
}

function tableFacts({ table }: CheckReport): Fact[] {
  if (!table) return [];
  const { files, rows, kept, timeUnit } = table;
  const left = rows - kept;
  return [
    {
      about: 'table',
      says:
        `${wholeNumber(rows)} rows in ${files === 1 ? 'one file' : `${wholeNumber(files)} files`}, ` +
        `${shareOf(left, rows)} left out by their rating` +
        (timeUnit === undefined || timeUnit === 'seconds'
          ? ''
          : `; times in ${timeUnit} made seconds`),
    },
  ];
}

function duplicatesOf({ repeats, times }: CheckReport): string {
  return times ? `${wholeNumber(repeats.duplicates)} at the same time` : 'without times';
}

function timeFacts({ times, counts, split }: CheckReport): Fact[] {
  if (!times)
    return [{ about: 'times', says: 'none: the order of the file is that of the choices' }];
  const unit = times.unit ?? 'no dates in any unit';
  return [
    {
      about: 'times',
      says: `${times.from} to ${times.to} ${times.unit ? `UTC, in ${unit}` : `(${unit})`}`,
    },
    {
      about: 'ties',
      says:
        `${shareOf(times.tied, counts.interactions)} interactions, ` +
        `${shareOf(times.tiedTargets, split.cases)} test targets with the item before`,
    },
  ];
}

function nameOf(modality: Modality, from: KnownModality['from']): string {
  return from === 'catalogue' ? `a usable ${modality} in the catalogue` : 'a vector';
}
