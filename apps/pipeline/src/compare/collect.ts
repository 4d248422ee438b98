import { availableParallelism, cpus, totalmem } from 'node:os';
import { sizeOf } from '../data/apply-config-steps.ts';
import { ruleFigures } from '../ranking/rule-figures.ts';
import { allVersions, type Versions, versionsIn } from '../run/versions.ts';
import { preparedDataset } from '../stages/results.ts';
import { collectCells } from './collect-cells.ts';
import type { Comparison, EncoderResult, Trial } from './comparison.ts';
import type { ComparisonFolder } from './comparison-folder.ts';
import { controlsOf } from './controls.ts';
import { encoderFigures } from './encoder-figures.ts';
import { finishedTrials } from './trials.ts';
import { runOfUnit } from './unit-results.ts';
import { tunedEncoders, unitsOf } from './units.ts';

/** Everything that a finished comparison has to say, from the files of its folder. */
export async function collect(comparison: ComparisonFolder, command: string): Promise<Comparison> {
  const { settings, encoders, runOf } = comparison;
  const first = await runOf(encoders[0]!.name);
  const { control } = controlsOf(settings);
  const dataset = await preparedDataset(first);
  return {
    title: settings.title,
    command,
    versions: await collectVersions(comparison),
    machine: {
      cpu: cpus()[0]?.model ?? process.arch,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    },
    dataset: sizeOf(dataset),
    config: settings,
    metrics: settings.metrics,
    seeds: settings.seeds,
    rules: ruleFigures(dataset, first.config),
    encoders: await collectEncoders(comparison),
    ...(control !== undefined && { control }),
    cells: await collectCells(comparison),
    trials: await collectTrials(comparison),
  };
}

/** What any of the figures were made with. */
async function collectVersions(comparison: ComparisonFolder): Promise<Versions> {
  const units = unitsOf(comparison.settings);
  const runs = new Set(await Promise.all(units.map((unit) => runOfUnit(comparison, unit))));
  return allVersions(await Promise.all([...runs].map(versionsIn)));
}

async function collectEncoders({ encoders, runOf }: ComparisonFolder): Promise<EncoderResult[]> {
  const results: EncoderResult[] = [];
  for (const { name } of encoders) {
    const run = await runOf(name);
    results.push({ name, ...(await encoderFigures(run, await preparedDataset(run))) });
  }
  return results;
}

async function collectTrials(comparison: ComparisonFolder): Promise<Trial[]> {
  const { settings } = comparison;
  const trials: Trial[] = [];
  for (const encoder of tunedEncoders(settings)) {
    for (const { name } of settings.strategies) {
      trials.push(...(await finishedTrials(comparison, encoder, name)));
    }
  }
  return trials;
}
