import { alignSettings } from '../config/align-settings.ts';
import { baseline } from '../config/config-problems.ts';
import { bothWays, byMetric, type CollectedRun, collectRun } from './collect-run.ts';
import type { Cell, Contributions, PairedTest } from './comparison.ts';
import type { ComparisonFolder } from './comparison-folder.ts';
import { contributionOver } from './contributions.ts';
import { type Controls, controlsOf } from './controls.ts';
import { estimate } from './estimate.ts';
import { negativeRates } from './negative-rates.ts';
import { pairedTests } from './paired-tests.ts';
import { tunedStrategy } from './trials.ts';
import { type GridStrategy, strategiesOf } from './units.ts';
import { overRuns } from './user-values.ts';

/** A cell, and what its tests against others are made of. */
interface OpenCell {
  readonly cell: Cell;
  /** Of the test part, means over seeds: one value per user, by metric. */
  readonly users: Readonly<Record<string, Float64Array>>;
}

/** One cell per encoder and model, in the order of the settings; the baseline comes first. */
export async function collectCells(comparison: ComparisonFolder): Promise<Cell[]> {
  const open: OpenCell[] = [];
  for (const { name } of comparison.encoders) {
    const pretrained = await openCell(comparison, name);
    open.push(pretrained);
    for (const strategy of strategiesOf(comparison.settings, name)) {
      open.push(await openCell(comparison, name, { strategy, before: pretrained.cell }));
    }
  }
  return tested(open, bothWays(comparison.settings.metrics), controlsOf(comparison.settings));
}

async function openCell(
  comparison: ComparisonFolder,
  encoder: string,
  aligned?: { readonly strategy: GridStrategy; readonly before: Cell },
): Promise<OpenCell> {
  const { settings, runOf } = comparison;
  const { seeds } = settings;
  const metrics = bothWays(settings.metrics);
  const strategy = aligned?.strategy;
  const model = strategy?.strategy.name ?? baseline;
  const collected: CollectedRun[] = [];
  for (const seed of seeds) {
    collected.push(await collectRun(await runOf(encoder, seed), model, settings.metrics));
  }
  const runs = collected.map(({ result }) => result);
  const over = (part: 'test' | 'validation') =>
    byMetric(metrics, (metric) => estimate(runs.map((run) => run[part][metric]!)));
  const negatives = negativeRates(runs.flatMap(({ epochs }) => epochs));
  return {
    users: byMetric(metrics, (metric) => overRuns(collected.map(({ users }) => users[metric]!))),
    cell: {
      encoder,
      model,
      ...(strategy && { settings: await settingsUsed(comparison, encoder, strategy) }),
      ...(strategy?.sweepPoolSize && { sweepPoolSize: strategy.sweepPoolSize }),
      runs,
      test: over('test'),
      validation: over('validation'),
      ...(aligned && {
        contributions: contributionsOver(settings.metrics, collected, aligned.before),
      }),
      ...(negatives && { negatives }),
    },
  };
}

/** Contributions to a model's gain over seeds, by metric with the history in the ranking. */
function contributionsOver(
  metrics: readonly string[],
  collected: readonly CollectedRun[],
  before: Cell,
): NonNullable<Cell['contributions']> {
  return byMetric(metrics, (metric) => {
    const of = (name: keyof Contributions) =>
      contributionOver(
        overRuns(collected.map(({ contributions }) => contributions[metric]![name])),
        before.test[metric]!.mean,
      );
    return { history: of('history'), others: of('others') };
  });
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
