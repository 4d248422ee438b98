import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Engine, type EpochEntry, interruptible } from '@rodpo/recipe';
import type { Config } from '../config/config.ts';
import { loadStanding } from './checkpoints.ts';
import { type Claim, claimedRun, claimRun, removeLeftovers } from './claim-run.ts';
import { lockOf } from './folder-lock.ts';
import { requireMemory, requireThreads } from './memory.ts';
import { runParts } from './own-files.ts';
import type { Reporter } from './reporter.ts';
import { trainingLog } from './training-log.ts';
import { addVersions } from './versions.ts';

/** What every stage needs: the settings, the engine, and the folder that holds the results. */
export interface Run {
  readonly config: Config;
  /** Its programs end before the next step once `signal` is aborted. */
  readonly engine: Engine;
  readonly reporter: Reporter;
  /** Of this folder and no other, wherever it lies and whatever it is called. */
  readonly id: string;
  /** Kept in each file that holds a result: of this run, and of the one that prepared its data. */
  readonly identity: { readonly run: string; readonly inputs: string };
  /** Whoever does long work asks it between two steps. */
  readonly signal: AbortSignal;
  /** Path of a file of the run folder; `data` and `features` may lie in another run's. */
  file(...parts: string[]): string;
  /** Adds one line to the stage's `metrics/<stage>.jsonl`. */
  log(entry: EpochEntry): Promise<void>;
  /** What a stage has logged so far: where there is a checkpoint, up to its epoch. */
  logged(stage: string): Promise<EpochEntry[]>;
  /** Forgets what a stage logged after its checkpoint, because that is about to be done again. */
  rewind(stage: string): Promise<void>;
  /**
   * To be called before each save; it records the versions, too.
   *
   * @throws {LockLostError} if the work is another process's now
   */
  assertOwned(): Promise<void>;
  /** Adds the engine and the versions to `versions.json`, once: whoever computes nothing leaves it as it is. */
  recordVersions(): Promise<void>;
  /** Lets other processes use the folder. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Replace what an earlier run has left in the folder. Default false. */
  readonly fresh?: boolean;
  /** Folder of another run, whose data and features are read in place of own ones. */
  readonly inputs?: string;
  /** Aborted when the process is asked to end. Default: never. */
  readonly signal?: AbortSignal;
  /** What the folder is locked for. Default: `rodpo`. */
  readonly purpose?: string;
  /** Who has the folder, or the work in it. Default: it is locked until the run is closed. */
  readonly owner?: Owner;
}

/** Of a folder that is not locked when it is opened. */
interface Owner {
  readonly assertOwned: Run['assertOwned'];
  /** No other process works in the folder. */
  readonly isAlone: boolean;
}

/** What stages read that do not train, and so what runs may share. */
const inputParts: readonly (string | undefined)[] = ['data', 'features'];

/**
 * Opens the run folder of `config.output`, or makes it. A folder of the same settings and data goes
 * on where it stopped.
 *
 * @throws {ConfigError} if the folder is not ours, or belongs to a run with other settings or data
 * and `fresh` is not set, or the run would need more memory than there is
 * @throws {FolderLockedError} if another process works in it
 */
export async function openRun(
  config: Config,
  reporter: Reporter,
  options: OpenOptions = {},
): Promise<Run> {
  const { signal = new AbortController().signal, purpose = 'rodpo', owner } = options;
  const folder = config.output;
  signal.throwIfAborted();
  requireThreads(config);
  requireMemory(config);
  const lock = owner ? undefined : await lockOf(folder, 'run', { purpose, signal });
  try {
    const { fresh = false, inputs = folder } = options;
    const claim = await claimRun(folder, config, { fresh, say: reporter.say });
    await removeLeftovers(folder, owner?.isAlone ?? true);
    const opened = await openFiles(config, reporter, { claim, signal, inputs });
    const assertOwned = owner?.assertOwned ?? lock!.assertOwned;
    return { ...ownedBy(opened, assertOwned), close: async () => lock?.release() };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

/** The run with another owner of what is saved. */
export function ownedBy<Files extends Pick<Run, 'file' | 'identity' | 'recordVersions'>>(
  files: Files,
  isOwned: Run['assertOwned'],
): Files & Pick<Run, 'assertOwned' | 'log' | 'logged' | 'rewind'> {
  const saved = async (stage: string) => (await loadStanding(files, stage))?.log;
  const assertOwned = async () => {
    await isOwned();
    await files.recordVersions();
  };
  return { ...files, assertOwned, ...trainingLog(files, { assertOwned, saved }) };
}

interface Opened {
  readonly claim: Claim;
  readonly inputs: string;
  readonly signal: AbortSignal;
}

async function openFiles(
  config: Config,
  reporter: Reporter,
  { claim, inputs, signal }: Opened,
): Promise<Omit<Run, 'assertOwned' | 'close' | 'log' | 'logged' | 'rewind'>> {
  const folder = config.output;
  const file = (...parts: string[]) =>
    join(inputParts.includes(parts[0]) ? inputs : folder, ...parts);
  for (const part of runParts) await mkdir(file(part), { recursive: true });
  // Loaded here: tfjs is large, and whoever opens no run has no use for it.
  const { createEngine } = await import('../engine/engine.ts');
  const engine = await createEngine(config.engine, reporter.say);
  const prepared = inputs === folder ? claim : await claimedRun(inputs);
  return {
    config,
    reporter,
    signal,
    file,
    engine: interruptible(engine, signal),
    recordVersions: recordOnce(() => addVersions({ file }, engine.name)),
    id: claim.id,
    identity: { run: claim.identity, inputs: prepared.identity },
  };
}

/** What fails is tried again at the next save. */
function recordOnce(record: () => Promise<void>): () => Promise<void> {
  let isRecorded = false;
  return async () => {
    if (isRecorded) return;
    await record();
    isRecorded = true;
  };
}
