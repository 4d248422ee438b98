import { baseline } from '../../config/config-problems.ts';
import {
  meanAndError,
  measured,
  megabytes,
  percent,
  percentGain,
  probability,
  settingsText,
  share,
  wholeNumber,
} from '../../report/format.ts';
import type { Table, TableCell } from '../../report/table.ts';
import type { Cell, Comparison, Contribution, RunResult } from '../comparison.ts';
import { allModels, type GainOver, modelsOf, relativeGainOf } from './cells-of.ts';
import { metricsOf, type Way, wayNames } from './ways.ts';

/** Adjusted p-values below this are marked. */
export const significance = 0.05;

/** Test metrics of every model of an encoder, and what its negatives were; the best is set strong. */
export function resultTable(comparison: Comparison, encoder: string, way: Way): Table {
  const metrics = metricsOf(comparison, way);
  const cells = modelsOf(comparison, encoder);
  const best = new Map(
    metrics.map((metric) => [metric, Math.max(...cells.map(({ test }) => test[metric]!.mean))]),
  );
  const figure = ({ test }: Cell, metric: string): TableCell => {
    const text = meanAndError(test[metric]!);
    return test[metric]!.mean === best.get(metric) ? { strong: text } : text;
  };
  return {
    caption: `Test metrics of the encoder ${encoder}, ${wayNames[way]}, mean ± standard error over seeds`,
    columns: ['model', ...comparison.metrics, 'false negatives', 'held out', 'of the history'],
    rows: cells.map((cell) => [
      cell.model,
      ...metrics.map((metric) => figure(cell, metric)),
      ...rates(cell),
    ]),
  };
}

/** What rules reach that learn nothing, by the same users and items. */
export function ruleTable(comparison: Comparison, way: Way): Table {
  const metrics = metricsOf(comparison, way);
  return {
    caption: `Test metrics of rules that learn nothing, ${wayNames[way]}`,
    columns: ['rule', ...comparison.metrics],
    rows: comparison.rules.map(({ name, test }) => [
      name,
      ...metrics.map((metric) => share(test[metric]!)),
    ]),
  };
}

/** Of a model's negatives: false, held out, of the history. */
export const rates = ({ negatives }: Cell): string[] =>
  [negatives?.falseNegativeRate, negatives?.heldOutRate, negatives?.historyRate].map((rate) =>
    rate === undefined || rate === null ? '–' : percent(rate),
  );

/** What each strategy gains over its encoder's baseline, or over its control; undefined without one. */
export function gainTable(
  comparison: Comparison,
  encoder: string,
  way: Way,
  over: GainOver = 'pretrained',
): Table | undefined {
  const metrics = metricsOf(comparison, way);
  const rows = modelsOf(comparison, encoder).flatMap((cell) => {
    if (!relativeGainOf(comparison, cell, metrics[0]!, over)) return [];
    return [[cell.model, ...metrics.map((metric) => gainCell(comparison, cell, metric, over))]];
  });
  if (rows.length === 0) return undefined;
  const name = over === 'control' ? comparison.control : over;
  return {
    caption: `Gain over ${name} (encoder ${encoder}), ${wayNames[way]}: 95 % interval, Holm-adjusted p`,
    columns: ['strategy', ...comparison.metrics],
    rows,
  };
}

function gainCell(
  comparison: Comparison,
  cell: Cell,
  metric: string,
  over: GainOver = 'pretrained',
): TableCell {
  const relative = relativeGainOf(comparison, cell, metric, over)!;
  const { difference, adjustedPValue } = relative;
  const text = `${withInterval(relative)}, p ${probability(adjustedPValue)}`;
  return adjustedPValue < significance ? { strong: `${difference > 0 ? '▲' : '▼'} ${text}` } : text;
}

function withInterval({ gain, interval }: Contribution): string {
  if (interval === null) return percentGain(gain);
  const [low, high] = interval;
  return `${percentGain(gain)} [${percentGain(low)}, ${percentGain(high)}]`;
}

/**
 * What each strategy's gain over its encoder's baseline is made of, with the history in the ranking, in the metrics
 * that come first; undefined without a strategy.
 */
export function contributionsTable(comparison: Comparison, encoder: string): Table | undefined {
  const metrics = comparison.metrics.slice(0, 2);
  const rows = modelsOf(comparison, encoder).flatMap(
    ({ model, contributions, againstBaseline }) => {
      if (!contributions || !againstBaseline) return [];
      const cells = metrics.flatMap((metric) => [
        percentGain(againstBaseline[metric]!.gain),
        withInterval(contributions[metric]!.history),
        withInterval(contributions[metric]!.others),
      ]);
      return [[model, ...cells]];
    },
  );
  if (rows.length === 0) return undefined;
  return {
    caption: `What the gain over ${baseline} is made of (encoder ${encoder}), ${wayNames.all}: 95 % interval`,
    columns: ['strategy', ...metrics.flatMap((metric) => [metric, 'by the history', 'by others'])],
    rows,
  };
}

/** What training and ranking took, means over seeds. */
export function costTable(comparison: Comparison, encoder: string): Table {
  const mean = ({ runs }: Cell, figure: (run: RunResult) => number) =>
    runs.reduce((total, run) => total + figure(run), 0) / runs.length;
  return {
    caption: `Time and memory of the encoder ${encoder}, means over seeds`,
    columns: ['model', 'training (s)', 'best epoch', 'ranking 1,000 users (ms)', 'peak memory'],
    rows: modelsOf(comparison, encoder).map((cell) => [
      cell.model,
      measured(mean(cell, (run) => run.trainSeconds)),
      measured(mean(cell, (run) => run.bestEpoch)),
      measured(1e6 * mean(cell, (run) => run.rankSeconds / run.rankedUsers)),
      megabytes(Math.max(...cell.runs.map((run) => run.peakMemoryBytes))),
    ]),
  };
}

export function encoderTable(comparison: Comparison, way: Way): Table {
  const { encoders } = comparison;
  const metrics = metricsOf(comparison, way);
  return {
    caption: `Encoders before alignment, ${wayNames[way]}`,
    columns: [
      ...['encoder', 'parameters', 'used per token', 'operations per token'],
      ...comparison.metrics,
    ],
    rows: encoders.map(({ name, parameters, activeParameters, flopsPerToken }) => [
      name,
      wholeNumber(parameters),
      wholeNumber(activeParameters),
      wholeNumber(flopsPerToken),
      ...metrics.map((metric) => meanAndError(modelsOf(comparison, name)[0]!.test[metric]!)),
    ]),
  };
}

/** The pool-size sweep; undefined without one. */
export function sweepTable(comparison: Comparison, way: Way): Table | undefined {
  const metrics = metricsOf(comparison, way);
  const cells = comparison.cells.filter((cell) => cell.sweepPoolSize !== undefined);
  if (cells.length === 0) return undefined;
  return {
    caption: `The swept strategy under other pool sizes, with its other settings as they are, ${wayNames[way]}`,
    columns: [
      'encoder, pool size',
      ...comparison.metrics,
      'gain',
      'false negatives',
      'held out',
      'of the history',
    ],
    rows: cells.map((cell) => [
      `${cell.encoder}, ${cell.sweepPoolSize}`,
      ...metrics.map((metric) => meanAndError(cell.test[metric]!)),
      gainCell(comparison, cell, metrics[0]!),
      ...rates(cell),
    ]),
  };
}

/** What tuning tried; undefined without tuning. */
export function trialTable({ trials }: Comparison): Table | undefined {
  if (trials.length === 0) return undefined;
  return {
    caption: 'Trials on the validation part; the best of each strategy was taken',
    columns: ['encoder, strategy', 'settings', 'validation'],
    rows: trials.map(({ encoder, strategy, settings, validation, isBest }) => [
      `${encoder}, ${strategy}`,
      settingsText(settings),
      isBest ? { strong: share(validation) } : share(validation),
    ]),
  };
}

/** The first metric of every model, seed by seed. */
export function seedTable(comparison: Comparison, way: Way): Table {
  const { seeds } = comparison;
  const [metric] = metricsOf(comparison, way);
  return {
    caption: `Test ${comparison.metrics[0]} by seed, ${wayNames[way]}`,
    columns: ['encoder, model', ...seeds.map((seed) => `seed ${seed}`)],
    rows: allModels(comparison).map(({ encoder, model, runs }) => [
      `${encoder}, ${model}`,
      ...runs.map(({ test }) => share(test[metric!]!)),
    ]),
  };
}

/** The settings that each strategy was trained with. */
export function settingsTable(comparison: Comparison): Table {
  return {
    caption: 'Settings of the strategies, as tuned',
    columns: ['encoder, strategy', 'settings'],
    rows: allModels(comparison)
      .filter(({ settings }) => settings !== undefined)
      .map(({ encoder, model, settings }) => [`${encoder}, ${model}`, settingsText(settings!)]),
  };
}
