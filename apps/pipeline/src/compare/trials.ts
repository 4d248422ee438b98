import type { Strategy } from '../config/align-settings.ts';
import type { Run } from '../run/run.ts';
import { readResult } from '../run/saved-result.ts';
import type { Trial } from './comparison.ts';
import type { ComparisonFolder } from './comparison-folder.ts';
import { bestTrial, withCombination } from './tuning.ts';
import {
  describeUnit,
  type GridStrategy,
  type TrialUnit,
  trialUnits,
  tunedEncoders,
} from './units.ts';

/** What is left of a trial. */
export interface TrialResult {
  /** Of the metric that selects, on the validation part. */
  readonly validation: number;
}

/** Names a trial's stage, its file and its random numbers. */
export const trialName = ({ strategy, trial }: TrialUnit): string => `${strategy}-trial-${trial}`;

export const trialFile = (run: Pick<Run, 'file'>, unit: TrialUnit): string =>
  run.file('results', `${trialName(unit)}.json`);

/** The trials of one strategy with one encoder, the best on validation marked. */
export async function finishedTrials(
  { settings, runOf }: ComparisonFolder,
  encoder: string,
  strategy: string,
): Promise<Trial[]> {
  const units = trialUnits(settings, encoder).filter((unit) => unit.strategy === strategy);
  const figures: number[] = [];
  for (const unit of units) {
    const run = await runOf(encoder, unit.seed);
    const result = await readResult<TrialResult>(run, trialFile(run, unit), describeUnit(unit));
    figures.push(result.validation);
  }
  const best = bestTrial(figures);
  return units.map(({ combination }, index) => ({
    encoder,
    strategy,
    settings: combination,
    validation: figures[index]!,
    isBest: index === best,
  }));
}

/** A strategy with the settings that did best for it; with its own where there was nothing to try. */
export async function tunedStrategy(
  comparison: ComparisonFolder,
  encoder: string,
  { strategy, tunedAs, sweepPoolSize }: GridStrategy,
): Promise<Strategy> {
  const tuned = tunedEncoders(comparison.settings);
  const tunedOn = tuned.includes(encoder) ? encoder : tuned[0];
  if (tunedOn === undefined) return strategy;
  const trials = await finishedTrials(comparison, tunedOn, tunedAs);
  if (trials.length === 0) return strategy;
  const best = trials.find(({ isBest }) => isBest)!.settings;
  return withCombination(strategy, sweepPoolSize ? { ...best, poolSize: sweepPoolSize } : best);
}
