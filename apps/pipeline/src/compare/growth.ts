import { differingSettings } from '../run/differing-settings.ts';
import type { ComparisonSettings } from './settings.ts';
import { strategiesOf } from './units.ts';

/**
 * What of `known` is gone or other in `now`, so that what was computed for it would not be right: none if the
 * comparison has only grown.
 */
export function changesBesidesGrowth(known: ComparisonSettings, now: ComparisonSettings): string[] {
  return [
    ...differingSettings(lasting(known), lasting(now)),
    ...changesOf('encoders', known.encoders, now.encoders),
    ...strategyChanges(known, now),
  ];
}

/** What may never change. The first encoder may be the one that settings are tuned on. */
function lasting({ base, tuning, encoders }: ComparisonSettings): object {
  const { engine: _, ...others } = base;
  return { base: unplaced(others), tuning, 'first encoder': encoders[0]!.name };
}

/**
 * Results are known by their strategy's name alone, and the sweep adds names to those of the config. One that were
 * let go could come back with other settings.
 */
function strategyChanges(known: ComparisonSettings, now: ComparisonSettings): string[] {
  const made = (settings: ComparisonSettings, encoder: string) =>
    strategiesOf(settings, encoder).map(({ strategy, tunedAs }) => ({
      ...strategy,
      ...(now.tuning && { tunedAs }),
    }));
  const changes = known.encoders.flatMap(({ name }) =>
    changesOf('strategies', made(known, name), made(now, name)),
  );
  return [...new Set(changes)];
}

interface Named {
  readonly name: string;
}

function changesOf(part: string, known: readonly Named[], now: readonly Named[]): string[] {
  return known.flatMap((one) => {
    const other = now.find(({ name }) => name === one.name);
    const path = `${part}.${one.name}`;
    return other ? differingSettings(unplaced(one), unplaced(other), path) : [`${path} is gone`];
  });
}

/** Settings without paths, for comparing: each run knows its data by their content, wherever they lie. */
function unplaced(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unplaced);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !places.includes(name));
  return Object.fromEntries(kept.map(([name, part]) => [name, unplaced(part)]));
}

const places = ['path', 'folder', 'cache', 'images'];
