import { isDeepStrictEqual } from 'node:util';
import { quote } from '@rodpo/errors';
import { isJsonObject } from '@rodpo/files';

/**
 * Each setting that is not the same, for a message: `align.beta: 3, now 1`. Objects are compared part by part,
 * anything else whole; what is missing on one side is `nothing` there.
 */
export function differingSettings(before: unknown, now: unknown, path = ''): string[] {
  if (isDeepStrictEqual(before, now)) return [];
  if (!isJsonObject(before) || !isJsonObject(now))
    return [`${path}: ${shown(before)}, now ${shown(now)}`];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names.flatMap((name) =>
    differingSettings(before[name], now[name], path === '' ? name : `${path}.${name}`),
  );
}

/** Of many, the first and how many more there are. */
export function firstOf(differences: readonly string[]): string {
  const left = differences.length - most;
  const more = left > 0 ? [`and ${left} more`] : [];
  return [...differences.slice(0, most), ...more].join('; ');
}

const most = 5;

function shown(value: unknown): string {
  const whole = written(value);
  return whole.length > longest ? `${whole.slice(0, longest)}…` : whole;
}

const longest = 80;

function written(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (!isJsonObject(value)) return `${value}`;
  const parts = Object.entries(value).map(([name, part]) => `${name}: ${written(part)}`);
  return `{ ${parts.join(', ')} }`;
}
