import { alignSettings } from '../config/align-settings.ts';
import { baseline } from '../config/config-problems.ts';
import { maskedPrefix } from '../ranking/both-metrics.ts';
import { byMetric, type CollectedRun, collectRun } from './collect-run.ts';
import type { Cell, Contributions, PairedTest } from './comparison.ts';
import type { ComparisonFolder } from './comparison-folder.ts';
import { contributionOver, contributionsOf } from './contributions.ts';
import { type Controls, controlsOf } from './controls.ts';
import { estimate } from './estimate.ts';
import { negativeRates } from './negative-rates.ts';
import { pairedTests } from './paired-tests.ts';
import { tunedStrategy } from './trials.ts';
import { type GridStrategy, strategiesOf } from './units.ts';
import { mean, overRuns } from './user-values.ts';

/** The metrics, and the same with the history left out. */
function bothWays(metrics: readonly string[]): string[] {
  return [...metrics, ...metrics.map((metric) => maskedPrefix + metric)];
}

/** A cell, and what its tests against others are made of. */
interface OpenCell {
  readonly cell: Cell;
  /** Of the test part, means over seeds: one value per user, by metric. */
  readonly users: Readonly<Record<string, Float64Array>>;
}

/** What a model left under each seed. */
interface Collected {
  readonly encoder: string;
  readonly model: string;
  readonly runs: readonly CollectedRun[];
}

/** One cell per encoder and model, in the order of the settings; the baseline comes first. */
export async function collectCells(comparison: ComparisonFolder): Promise<Cell[]> {
  const metrics = bothWays(comparison.settings.metrics);
  const open: OpenCell[] = [];
  for (const { name } of comparison.encoders) {
    const pretrained = await collectModel(comparison, name, baseline);
    open.push(openCell(pretrained, metrics));
    for (const strategy of strategiesOf(comparison.settings, name)) {
      open.push(await alignedCell(comparison, strategy, pretrained));
    }
  }
  return tested(open, metrics, controlsOf(comparison.settings));
}

async function collectModel(
  { settings, runOf }: ComparisonFolder,
  encoder: string,
  model: string,
): Promise<Collected> {
  const runs: CollectedRun[] = [];
  for (const seed of settings.seeds) {
    runs.push(await collectRun(await runOf(encoder, seed), model, bothWays(settings.metrics)));
  }
  return { encoder, model, runs };
}

function openCell({ encoder, model, runs: collected }: Collected, metrics: string[]): OpenCell {
  const runs = collected.map(({ result }) => result);
  const over = (part: 'test' | 'validation') =>
    byMetric(metrics, (metric) => estimate(runs.map((run) => run[part][metric]!)));
  const negatives = negativeRates(runs.flatMap(({ epochs }) => epochs));
  return {
    users: byMetric(metrics, (metric) => overRuns(collected.map(({ users }) => users[metric]!))),
    cell: {
      encoder,
      model,
      runs,
      test: over('test'),
      validation: over('validation'),
      ...(negatives && { negatives }),
    },
  };
}

/** The same of a strategy: with its settings, and what contributed to its gain over the baseline. */
async function alignedCell(
  comparison: ComparisonFolder,
  strategy: GridStrategy,
  pretrained: Collected,
): Promise<OpenCell> {
  const { metrics } = comparison.settings;
  const { encoder } = pretrained;
  const aligned = await collectModel(comparison, encoder, strategy.strategy.name);
  const { users, cell } = openCell(aligned, bothWays(metrics));
  return {
    users,
    cell: {
      ...cell,
      settings: await settingsUsed(comparison, encoder, strategy),
      ...(strategy.sweepPoolSize && { sweepPoolSize: strategy.sweepPoolSize }),
      contributions: byMetric(metrics, (metric) =>
        contributionsOver(metric, pretrained.runs, aligned.runs),
      ),
    },
  };
}

/** Contributions to the gain in a metric, with the history in the ranking, over seeds. */
function contributionsOver(
  metric: string,
  before: readonly CollectedRun[],
  after: readonly CollectedRun[],
): Contributions {
  const bySeed = after.map(({ ranks }, seed) =>
    contributionsOf(before[seed]!.ranks, ranks, metric),
  );
  const figure = mean(before.map(({ result }) => result.test[metric]!));
  const of = (name: keyof Contributions) =>
    contributionOver(overRuns(bySeed.map((contributions) => contributions[name])), figure);
  return { history: of('history'), others: of('others') };
}

async function settingsUsed(
  comparison: ComparisonFolder,
  encoder: string,
  strategy: GridStrategy,
): Promise<Readonly<Record<string, unknown>>> {
  const { config } = comparison.encoders.find(({ name }) => name === encoder)!;
  const { name: _, ...settings } = alignSettings(
    config.align,
    await tunedStrategy(comparison, encoder, strategy),
  );
  return settings;
}

/** Each strategy against its encoder's baseline, and against its control if there is one. */
function tested(
  open: readonly OpenCell[],
  metrics: readonly string[],
  { control, controls }: Controls,
): Cell[] {
  const modelOf = ({ encoder }: Cell, model: string | undefined) =>
    open.find(({ cell }) => cell.encoder === encoder && cell.model === model);
  const againstBaseline = testsAgainst(open, metrics, (cell) =>
    cell.model === baseline ? undefined : modelOf(cell, baseline),
  );
  const againstControl = testsAgainst(open, metrics, (cell) =>
    [baseline, ...controls].includes(cell.model) ? undefined : modelOf(cell, control),
  );
  return open.map((one) => ({
    ...one.cell,
    ...(againstBaseline.has(one) && { againstBaseline: againstBaseline.get(one)! }),
    ...(againstControl.has(one) && { againstControl: againstControl.get(one)! }),
  }));
}

/** Of each metric, all tests are one family. `other` says what a cell is tested against, if anything. */
function testsAgainst(
  open: readonly OpenCell[],
  metrics: readonly string[],
  other: (cell: Cell) => OpenCell | undefined,
): Map<OpenCell, Readonly<Record<string, PairedTest>>> {
  const pairs = open.flatMap((one) => {
    const against = other(one.cell);
    return against ? [{ one, against }] : [];
  });
  const tests = byMetric(metrics, (metric) =>
    pairedTests(
      pairs.map(({ one, against }) => ({
        candidate: one.users[metric]!,
        baseline: against.users[metric]!,
      })),
    ),
  );
  return new Map(
    pairs.map(({ one }, place) => [one, byMetric(metrics, (metric) => tests[metric]![place]!)]),
  );
}
