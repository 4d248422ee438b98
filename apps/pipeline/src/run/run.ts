import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Config, ConfigError } from '../config.ts';
import { createEngine, type Engine } from '../engine.ts';
import type { Reporter } from './reporter.ts';

/** What every stage needs: the settings, the engine, and the folder that holds the results. */
export interface Run {
  readonly config: Config;
  readonly engine: Engine;
  readonly reporter: Reporter;
  /** Path of a file of the run folder; `data` and `features` may lie in another run's. */
  file(...parts: string[]): string;
  /** Adds one line to the stage's `metrics/<stage>.jsonl`. */
  log(entry: LogEntry): Promise<void>;
  /** Every line that a stage has logged so far. */
  logged(stage: string): Promise<LogEntry[]>;
  /** Forgets what a stage logged after `epoch`, because it is about to be done again. */
  rewind(stage: string, epoch: number): Promise<void>;
}

export interface LogEntry {
  readonly stage: string;
  readonly epoch: number;
  /** A figure that is no number, such as a rate of what is not known, is read back as null. */
  readonly [figure: string]: number | string | null;
}

export interface OpenOptions {
  /** Replace a folder that is there. Default false. */
  readonly fresh?: boolean;
  /** Folder of another run, whose data and features are read in place of own ones. */
  readonly inputs?: string;
}

/** What stages read that do not train, and so what runs may share. */
const inputParts: readonly (string | undefined)[] = ['data', 'features'];

/**
 * Opens the run folder of `config.output`, or makes it. A folder of the same config goes on where
 * it stopped.
 *
 * @throws {ConfigError} if the folder belongs to a run with other settings and `fresh` is not set
 */
export async function openRun(
  config: Config,
  reporter: Reporter,
  { fresh = false, inputs = config.output }: OpenOptions = {},
): Promise<Run> {
  const folder = config.output;
  await claimFolder(folder, config, fresh);
  const file = (...parts: string[]) =>
    join(inputParts.includes(parts[0]) ? inputs : folder, ...parts);
  for (const part of ['data', 'features', 'checkpoints', 'metrics', 'results']) {
    await mkdir(file(part), { recursive: true });
  }
  const engine = await createEngine(config.engine, reporter.say);
  await writeJson(join(folder, 'versions.json'), versions(engine.name));
  // One file per stage: several processes may be at work on different stages of one folder.
  const metrics = (stage: string) => join(folder, 'metrics', `${stage}.jsonl`);

  return {
    config,
    engine,
    reporter,
    file,
    log: (entry) => appendFile(metrics(entry.stage), `${JSON.stringify(entry)}\n`),
    logged: (stage) => readLines(metrics(stage)),
    rewind: async (stage, epoch) => {
      const kept = (await readLines(metrics(stage))).filter((entry) => entry.epoch <= epoch);
      const lines = kept.map((entry) => `${JSON.stringify(entry)}\n`);
      await writeAtomically(metrics(stage), lines.join(''));
    },
  };
}

async function claimFolder(folder: string, config: Config, fresh: boolean): Promise<void> {
  const file = join(folder, 'config.json');
  const known = await readFile(file, 'utf8').then(JSON.parse, () => undefined);
  if (known && fresh) await rm(folder, { recursive: true });
  if (known && !fresh && !isSameRun(known, config)) {
    throw new ConfigError(
      `${folder} holds a run with other settings (see its config.json). ` +
        'Pass --fresh to replace it, or --output to keep both.',
    );
  }
  await mkdir(folder, { recursive: true });
  await writeJson(file, config);
}

/** What runs a step, or how many at a time, does not change what the run is about. */
function isSameRun(known: Config, config: Config): boolean {
  const settings = ({ engine: _, features, ...others }: Config) => ({
    ...others,
    features: { ...features, concurrency: 0 },
  });
  return isDeepStrictEqual(settings(known), settings(config));
}

function versions(engine: string): Record<string, string> {
  const require = createRequire(import.meta.url);
  const { dependencies, version } = require('../../package.json');
  const found: Record<string, string> = {
    engine,
    node: process.version,
    '@rodpo/pipeline': version,
  };
  for (const name of Object.keys(dependencies)) {
    try {
      found[name] = require(`${name}/package.json`).version;
    } catch {
      // Some packages do not export their manifest; the lock file pins them all the same.
    }
  }
  return found;
}

async function readLines(file: string): Promise<LogEntry[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** A reader sees the old file or the new one, never half of one; several processes may write. */
export async function writeAtomically(file: string, text: string): Promise<void> {
  const partial = `${file}.${randomUUID()}.partial`;
  // On disk before the new name is, or a power cut could leave the name of an empty file.
  await writeFile(partial, text, { flush: true });
  await rename(partial, file);
}
