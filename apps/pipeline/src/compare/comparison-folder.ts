import { join } from 'node:path';
import { ifThere, readSealedJson, removeStalePartials, writeSealedJson } from '@rodpo/files';
import { ConfigError } from '../config/config.ts';
import { clearComparison } from '../run/clear-folder.ts';
import { firstOf } from '../run/differing-settings.ts';
import { lockOf } from '../run/folder-lock.ts';
import { makeMarker, readMarker } from '../run/marker.ts';
import type { Reporter } from '../run/reporter.ts';
import { type OpenOptions, openRun, type Run } from '../run/run.ts';
import type { CompareConfig } from './compare-config.ts';
import { changesBesidesGrowth } from './growth.ts';
import type { ComparisonSettings } from './settings.ts';

/** A comparison's settings, and the run folders that hold its results. */
export interface ComparisonFolder extends CompareConfig {
  /** Of this folder and no other, on whatever machine it is opened. */
  readonly id: string;
  readonly reporter: Reporter;
  /** Whoever does long work asks it between two steps. */
  readonly signal: AbortSignal;
  /** The run of an encoder that makes data and features; with a seed, one that trains on them. */
  runOf(encoder: string, seed?: number): Promise<Run>;
  /** Lets other processes use the folder. */
  close(): Promise<void>;
}

export interface OpenComparisonOptions {
  /** Replace a comparison that is there. Default false. */
  readonly fresh?: boolean;
  /** Other processes work on the same comparison, unit by unit. Default false. */
  readonly shared?: boolean;
  /** Aborted when the process is asked to end. Default: never. */
  readonly signal?: AbortSignal;
}

interface ClaimOptions extends Pick<ComparisonFolder, 'runOf'> {
  readonly fresh: boolean;
  readonly say: Reporter['say'];
}

const opening = 'rodpo compare, opening';

/**
 * Opens the folder of a comparison, or makes it. One that is there goes on where it stopped, and
 * may have grown: by seeds, encoders, strategies and pool sizes.
 *
 * @throws {ConfigError} if it is not ours, or is a comparison with other settings or data and `fresh` is
 * not set: it is as it was then
 * @throws {FolderLockedError} if a process works in it alone
 */
export async function openComparison(
  config: CompareConfig,
  reporter: Reporter,
  { fresh = false, shared = false, signal = never() }: OpenComparisonOptions = {},
): Promise<ComparisonFolder> {
  const folder = config.settings.output;
  const purpose = shared ? opening : 'rodpo compare';
  const lock = await lockOf(folder, 'comparison', { purpose, signal, waitsFor: opening });
  try {
    // Units that are shared have owners of their own.
    const assertOwned = shared ? async () => undefined : lock.assertOwned;
    const runOf = runsOf(config, reporter, { signal, owner: { assertOwned, isAlone: !shared } });
    const claim = { fresh, say: reporter.say, runOf };
    const id = await claimFolder(folder, plain(config.settings), claim);
    if (shared) await lock.release();
    return { ...config, id, reporter, signal, runOf, close: () => lock.release() };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function runsOf(
  { encoders }: CompareConfig,
  reporter: Reporter,
  options: Pick<OpenOptions, 'signal' | 'owner'>,
): ComparisonFolder['runOf'] {
  const open = async (name: string, seed?: number): Promise<Run> => {
    const { config: own } = encoders.find((encoder) => encoder.name === name)!;
    if (seed === undefined) return openRun(own, reporter, options);
    await runOf(name); // whose data are read
    const output = join(own.output, `seed-${seed}`);
    return openRun({ ...own, seed, output }, reporter, { ...options, inputs: own.output });
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
  return runOf;
}

async function claimFolder(
  folder: string,
  settings: ComparisonSettings,
  { fresh, say, runOf }: ClaimOptions,
): Promise<string> {
  const known = await readMarker(folder, 'comparison');
  if (known && fresh) await clearComparison(folder, say);
  const { id } = known ?? (await makeMarker(folder, 'comparison'));
  const file = join(folder, 'compare.json');
  const before = (await ifThere(readSealedJson(file)))?.settings as ComparisonSettings | undefined;
  const changes = before ? changesBesidesGrowth(before, settings) : [];
  if (changes.length > 0) {
    throw new ConfigError(
      `${folder} holds a comparison with other settings (${firstOf(changes)}). It may grow by ` +
        'seeds, encoders, strategies and pool sizes; otherwise pass --fresh to replace it, or ' +
        '--output to keep both.',
    );
  }
  // Each run refuses settings and data that are not those it was made with.
  for (const { name } of before?.encoders ?? []) await runOf(name);
  await removeStalePartials(folder, { olderThanMs: 0 });
  await writeSealedJson(file, { settings });
  return id;
}

/** As it will be when it is read again. */
function plain(settings: ComparisonSettings): ComparisonSettings {
  return JSON.parse(JSON.stringify(settings));
}

function never(): AbortSignal {
  return new AbortController().signal;
}
