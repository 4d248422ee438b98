import type { Strategy } from '../config/align-settings.ts';
import type { Combination, ComparisonSettings } from './settings.ts';
import { combinationsOf, withPoolSize } from './tuning.ts';

/** What can be done in one go, by one process. Later phases read what earlier ones left. */
export type Unit =
  | { readonly phase: 'prepare'; readonly encoder: string; readonly seed?: never }
  | { readonly phase: 'pretrain'; readonly encoder: string; readonly seed: number }
  | TrialUnit
  | AlignUnit;

export interface TrialUnit {
  readonly phase: 'trials';
  readonly encoder: string;
  readonly seed: number;
  readonly strategy: string;
  /** Counted from 1. */
  readonly trial: number;
  readonly combination: Combination;
}

export interface AlignUnit {
  readonly phase: 'align';
  readonly encoder: string;
  readonly seed: number;
  readonly strategy: string;
}

export const phases: readonly Unit['phase'][] = ['prepare', 'pretrain', 'trials', 'align'];

/** A strategy as the grid has it. */
export interface GridStrategy {
  readonly strategy: Strategy;
  /** The strategy of the config whose trials decide on its settings. */
  readonly tunedAs: string;
  /** Pool size, of a strategy that the sweep adds. */
  readonly sweepPoolSize?: number;
}

/** Everything that a comparison computes, phase by phase. */
export function unitsOf(settings: ComparisonSettings): Unit[] {
  const { encoders, seeds, tuning } = settings;
  const names = encoders.map(({ name }) => name);
  const tuned = tunedEncoders(settings);
  const seedsOf = (encoder: string) =>
    tuning && tuned.includes(encoder) ? [...new Set([...seeds, tuning.seed])] : seeds;
  return [
    ...names.map((encoder) => ({ phase: 'prepare' as const, encoder })),
    ...names.flatMap((encoder) =>
      seedsOf(encoder).map((seed) => ({ phase: 'pretrain' as const, encoder, seed })),
    ),
    ...tuned.flatMap((encoder) => trialUnits(settings, encoder)),
    ...names.flatMap((encoder) =>
      seeds.flatMap((seed) =>
        strategiesOf(settings, encoder).map(({ strategy }) => ({
          phase: 'align' as const,
          encoder,
          seed,
          strategy: strategy.name,
        })),
      ),
    ),
  ];
}

/** What tuning tries with one encoder. */
export function trialUnits(
  { strategies, tuning }: ComparisonSettings,
  encoder: string,
): TrialUnit[] {
  if (!tuning) return [];
  return strategies.flatMap((strategy) =>
    combinationsOf(strategy, tuning).map((combination, index) => ({
      phase: 'trials' as const,
      encoder,
      seed: tuning.seed,
      strategy: strategy.name,
      trial: index + 1,
      combination,
    })),
  );
}

/** Encoders that trials are made with. */
export function tunedEncoders({ encoders, tuning }: ComparisonSettings): string[] {
  const names = encoders.map(({ name }) => name);
  if (!tuning) return [];
  return tuning.tuneOn === 'each' ? names : names.slice(0, 1);
}

/** The config's strategies, then those that the sweep adds to this encoder. */
export function strategiesOf(settings: ComparisonSettings, encoder: string): GridStrategy[] {
  const { strategies } = settings;
  const own = strategies.map((strategy) => ({ strategy, tunedAs: strategy.name }));
  return [...own, ...sweepStrategies(settings, encoder)];
}

function sweepStrategies(
  { strategies, sweep, encoders }: ComparisonSettings,
  encoder: string,
): GridStrategy[] {
  const swept = strategies.find(({ name }) => name === sweep?.strategy);
  const among = sweep?.encoders ?? [encoders[0]!.name];
  if (!sweep || !swept || !among.includes(encoder)) return [];
  return sweep.poolSizes.map((size) => ({
    strategy: { ...withPoolSize(swept, size), name: `${swept.name}-k${size}` },
    tunedAs: swept.name,
    sweepPoolSize: size,
  }));
}

/** A unit in words, for instance `dense, seed 2, stochastic`. */
export function describeUnit(unit: Unit): string {
  const { phase, encoder } = unit;
  if (phase === 'prepare') return `${encoder}, data and features`;
  if (phase === 'pretrain') return `${encoder}, seed ${unit.seed}, pretraining`;
  const model = `${encoder}, seed ${unit.seed}, ${unit.strategy}`;
  return phase === 'align' ? model : `${model}, trial ${unit.trial} ${chosen(unit.combination)}`;
}

function chosen(combination: Combination): string {
  const settings = Object.entries(combination).map(([name, value]) => `${name} ${value}`);
  return `(${settings.join(', ')})`;
}
