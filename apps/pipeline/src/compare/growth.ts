import { isDeepStrictEqual } from 'node:util';
import type { ComparisonSettings } from './settings.ts';

/** Whether all that was computed for `known` is right for `now` as well. */
export function hasGrownTo(known: ComparisonSettings, now: ComparisonSettings): boolean {
  const keeps = (part: 'encoders' | 'strategies') => {
    const [before, after] = [known[part].map(unplaced), now[part].map(unplaced)];
    return before.every((one) => after.some((other) => isDeepStrictEqual(one, other)));
  };
  return (
    isDeepStrictEqual(lasting(known), lasting(now)) && keeps('encoders') && keeps('strategies')
  );
}

/** What may never change. The first encoder may be the one that settings are tuned on. */
function lasting({ base, tuning, encoders }: ComparisonSettings): object {
  const { engine: _, ...others } = base;
  return { base: unplaced(others), tuning, first: encoders[0]!.name };
}

/** Settings without paths, for comparing: each run knows its data by their content, wherever they lie. */
function unplaced(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !places.includes(name));
  return Object.fromEntries(kept.map(([name, part]) => [name, unplaced(part)]));
}

const places = ['path', 'folder', 'cache', 'images'];
