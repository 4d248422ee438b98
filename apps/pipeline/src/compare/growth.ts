import { differingSettings } from '../run/differing-settings.ts';
import type { ComparisonSettings } from './settings.ts';
import { strategiesOf } from './units.ts';

/**
 * What of `known` is gone or other in `now`, so that what was computed for it would not be right: none if the
 * comparison has only grown. What an encoder's runs were made with, their folders know.
 */
export function changesBesidesGrowth(known: ComparisonSettings, now: ComparisonSettings): string[] {
  const names = now.encoders.map(({ name }) => name);
  const gone = known.encoders.filter(({ name }) => !names.includes(name));
  return [
    ...differingSettings(lasting(known), lasting(now)),
    ...gone.map(({ name }) => `encoders.${name} is gone`),
    ...strategyChanges(known, now),
  ];
}

/** What may never change. The first encoder may be the one that settings are tuned on. */
function lasting({ tuning, encoders }: ComparisonSettings): object {
  return { tuning, 'first encoder': encoders[0]!.name };
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
  const changes = known.encoders.flatMap(({ name: encoder }) => {
    const others = made(now, encoder);
    return made(known, encoder).flatMap((one) => {
      const other = others.find(({ name }) => name === one.name);
      const path = `strategies.${one.name}`;
      return other ? differingSettings(one, other, path) : [`${path} is gone`];
    });
  });
  return [...new Set(changes)];
}
