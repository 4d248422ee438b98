import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../config.ts';
import type { Reporter } from '../run/reporter.ts';
import { openRun, type Run, writeJson } from '../run/run.ts';
import type { CompareConfig } from './compare-config.ts';
import type { ComparisonSettings } from './settings.ts';

/** A comparison's settings, and the run folders that hold its results. */
export interface ComparisonFolder extends CompareConfig {
  /** Of this folder and no other, on whatever machine it is opened. */
  readonly id: string;
  readonly reporter: Reporter;
  /** The run of an encoder that makes data and features; with a seed, one that trains on them. */
  runOf(encoder: string, seed?: number): Promise<Run>;
}

/** What `compare.json` holds. */
interface Claim {
  readonly id: string;
  readonly settings: ComparisonSettings;
}

/**
 * Opens the folder of a comparison, or makes it. One that is there goes on where it stopped, and
 * may have grown: by seeds, encoders, strategies and pool sizes.
 *
 * @throws {ConfigError} if it belongs to a comparison with other settings and `fresh` is not set
 */
export async function openComparison(
  config: CompareConfig,
  reporter: Reporter,
  { fresh = false }: { readonly fresh?: boolean } = {},
): Promise<ComparisonFolder> {
  const { settings, encoders } = config;
  const { id } = await claimFolder(plain(settings), fresh);
  const open = async (name: string, seed?: number): Promise<Run> => {
    const { config: own } = encoders.find((encoder) => encoder.name === name)!;
    if (seed === undefined) return openRun(own, reporter);
    const output = join(own.output, `seed-${seed}`);
    return openRun({ ...own, seed, output }, reporter, { inputs: own.output });
  };
  const runs = new Map<string, Promise<Run>>();
  const runOf = (name: string, seed?: number) => {
    const key = `${name} ${seed}`;
    const known = runs.get(key);
    if (known) return known;
    const opened = open(name, seed);
    runs.set(key, opened);
    // What failed may go well when the unit is tried again.
    opened.catch(() => runs.delete(key));
    return opened;
  };
  return { ...config, id, reporter, runOf };
}

async function claimFolder(settings: ComparisonSettings, fresh: boolean): Promise<Claim> {
  const folder = settings.output;
  const file = join(folder, 'compare.json');
  if (fresh && (await readClaim(file))) await rm(folder, { recursive: true });
  await mkdir(folder, { recursive: true });
  await writeFirst(file, { id: randomUUID(), settings });
  const known = (await readClaim(file))!;
  if (!hasGrownTo(known.settings, settings)) {
    throw new ConfigError(
      `${folder} holds a comparison with other settings (see its compare.json). It may grow by ` +
        'seeds, encoders, strategies and pool sizes; otherwise pass --fresh to replace it, or ' +
        '--output to keep both.',
    );
  }
  const claim = { ...known, settings };
  await writeJson(file, claim);
  return claim;
}

function readClaim(file: string): Promise<Claim | undefined> {
  return readFile(file, 'utf8').then(JSON.parse, () => undefined);
}

/** Writes a file that is not there yet; of several processes, one does. */
async function writeFirst(file: string, claim: Claim): Promise<void> {
  const partial = `${file}.${claim.id}.partial`;
  await writeFile(partial, JSON.stringify(claim), { flush: true });
  await link(partial, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(partial);
}

/** Whether all that was computed for `known` is right for `now` as well. */
function hasGrownTo(known: ComparisonSettings, now: ComparisonSettings): boolean {
  const keeps = (part: 'encoders' | 'strategies') =>
    known[part].every((one) => now[part].some((other) => isDeepStrictEqual(one, other)));
  return (
    isDeepStrictEqual(lasting(known), lasting(now)) && keeps('encoders') && keeps('strategies')
  );
}

/** What may never change. The first encoder may be the one that settings are tuned on. */
function lasting({ output, base, tuning, encoders }: ComparisonSettings): object {
  const { engine: _, ...others } = base;
  return { output, base: others, tuning, first: encoders[0]!.name };
}

/** As it will be when it is read again. */
function plain(settings: ComparisonSettings): ComparisonSettings {
  return JSON.parse(JSON.stringify(settings));
}
