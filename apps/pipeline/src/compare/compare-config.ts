import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Config, ConfigError, parseConfig, withPathsFrom } from '../config/config.ts';
import { namingKeys } from '../config/naming-keys.ts';
import { readSettings } from '../config/read-settings.ts';
import { checkSettings } from './check-settings.ts';
import { deepMerge } from './deep-merge.ts';
import { defaultComparison } from './default-comparison.ts';
import { type ComparisonSettings, comparisonSettings } from './settings.ts';

/** A comparison's settings, and what they mean for each encoder. */
export interface CompareConfig {
  /** As read, with defaults. */
  readonly settings: ComparisonSettings;
  readonly encoders: readonly EncoderConfig[];
}

interface EncoderConfig {
  readonly name: string;
  /** Of the run that makes the data and features: all seeds read those of seed 1. */
  readonly config: Config;
}

/**
 * Reads and checks a comparison's file; without one, a small comparison on simulated data. Data
 * paths in it are relative to the file.
 *
 * @throws {ConfigError} naming each wrong setting, what was expected and what came
 */
export async function loadCompareConfig(
  file?: string,
  { output }: { readonly output?: string } = {},
): Promise<CompareConfig> {
  const origin = file ?? 'the default comparison';
  const read =
    file === undefined ? defaultComparison : Object(await readSettings(file, 'comparison'));
  const value = output === undefined ? read : { ...read, output };
  return parseCompareConfig(value, origin, file === undefined ? '' : dirname(file));
}

/**
 * @param folder what data paths are relative to
 * @throws {ConfigError}
 */
export function parseCompareConfig(value: unknown, origin: string, folder = ''): CompareConfig {
  const result = comparisonSettings.safeParse(value, { error: namingKeys });
  if (!result.success) {
    throw new ConfigError(`${origin} is not a comparison.\n${z.prettifyError(result.error)}`);
  }
  const settings = result.data;
  const encoders = settings.encoders.map(({ name, change }) => {
    const merged = deepMerge(settings.base, change);
    const place = `${origin}, encoder '${name}'`;
    checkReserved(merged, place);
    const run = { ...merged, seed: 1, output: join(settings.output, name) };
    return { name, config: withPathsFrom(folder, parseConfig(run, place)) };
  });
  checkSettings({ settings, encoders }, origin);
  return { settings, encoders };
}

function checkReserved({ output, seed, align }: Record<string, unknown>, place: string): void {
  const { strategies } = (align ?? {}) as Record<string, unknown>;
  const set = Object.entries({ output, seed, 'align.strategies': strategies })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (set.length === 0) return;
  throw new ConfigError(
    `${place}: base and change must leave out ${set.join(', ')}. ` +
      'These are decided by output, seeds and strategies of the comparison.',
  );
}
