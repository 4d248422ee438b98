import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '@rodpo/errors';
import { ifThere, readJson, removeStalePartials, writeJson } from '@rodpo/files';
import { type Config, ConfigError } from '../config/config.ts';
import { clearRun } from './clear-folder.ts';
import { differingSettings, firstOf } from './differing-settings.ts';
import { decidingSettings, runIdentity } from './identity.ts';
import { type Marker, makeMarker, readMarker, type SourceFiles, writeMarker } from './marker.ts';
import { differingFiles, sourceOf } from './source-files.ts';

export interface Claim {
  /** Of this folder and no other. */
  readonly id: string;
  /** Equal for runs that end with the same results. */
  readonly identity: string;
}

interface ClaimOptions {
  /** Replace what an earlier run left. */
  readonly fresh: boolean;
  readonly say: (message: string) => void;
}

/**
 * Makes a folder the run's, or finds that it is already. The folder should be locked, unless
 * processes open it together that all have the same settings.
 *
 * @throws {ConfigError} if it is not ours, or the settings or the data are not those it was made with
 */
export async function claimRun(
  folder: string,
  config: Config,
  { fresh, say }: ClaimOptions,
): Promise<Claim> {
  const known = await readMarker(folder, 'run');
  if (known && fresh) await clearRun(folder, say);
  await mkdir(folder, { recursive: true });
  const marker = known ?? (await makeMarker(folder, 'run'));
  await checkSettings(folder, config);
  const data = await settledSource(folder, config, marker);
  await writeJson(join(folder, 'config.json'), config);
  return { id: marker.id, identity: runIdentity(config, data) };
}

/** What the run of another folder is. @throws {ConfigError} if it holds none */
export async function claimedRun(folder: string): Promise<Claim> {
  const marker = await readMarker(folder, 'run');
  if (!marker) throw new ConfigError(`${folder} holds no run, and should hold prepared data.`);
  const config = (await readJson(join(folder, 'config.json'))) as Config;
  return { id: marker.id, identity: runIdentity(config, marker.data) };
}

async function checkSettings(folder: string, config: Config): Promise<void> {
  const file = join(folder, 'config.json');
  const advice = 'Pass --fresh to replace the run, or put the file back.';
  const known = (await ifThere(readJson(file, { advice }))) as Config | undefined;
  if (known === undefined) return;
  const differing = differingSettings(settingsOf(known), decidingSettings(config));
  if (differing.length === 0) return;
  throw new ConfigError(
    `${folder} holds a run with other settings (${firstOf(differing)}). ` +
      'Pass --fresh to replace it, or --output to keep both.',
  );
}

/** A file that is JSON and no config has no settings that are the same. */
function settingsOf(known: Config): Readonly<Record<string, unknown>> {
  try {
    return decidingSettings(known);
  } catch {
    return {};
  }
}

/** The data that the run was made with, and goes on with. */
async function settledSource(
  folder: string,
  config: Config,
  marker: Marker,
): Promise<SourceFiles | null> {
  const now = await sourceOf(config);
  const isSame = now?.sha256 === marker.data?.sha256;
  if (now === undefined || isSame) return marker.data;
  if (marker.data && now && (await isPrepared(folder))) throw changed(folder, marker.data, now);
  await writeMarker(folder, { ...marker, data: now });
  return now;
}

async function isPrepared(folder: string): Promise<boolean> {
  return (await ifThere(access(join(folder, 'data', 'ids.json')).then(() => true))) ?? false;
}

function changed(folder: string, known: SourceFiles, now: SourceFiles): ConfigError {
  const described = ({ name, bytes, sha256 }: SourceFiles) =>
    `${quote(name)} of ${bytes} bytes, SHA-256 ${sha256.slice(0, 12)}…`;
  const differing = differingFiles(known, now);
  return new ConfigError(
    `${folder} was made with other data: ${described(known)}; data.path now is ${described(now)}` +
      `${differing === undefined ? '' : ` (${differing})`}. ` +
      'Put the file back to go on, or pass --fresh to replace the run, or --output to keep both.',
  );
}

/** Removes what killed processes left, unless it may be at work by another that is not. */
export async function removeLeftovers(folder: string, isAlone: boolean): Promise<void> {
  const olderThanMs = isAlone ? 0 : hour;
  for (const part of ['', 'data', 'checkpoints', 'metrics', 'results']) {
    await removeStalePartials(join(folder, part), { olderThanMs });
  }
  // Shards of a store are made by any number of processes.
  for (const part of ['features/image', 'features/text']) {
    await removeStalePartials(join(folder, part), { olderThanMs: hour });
  }
}

/** Milliseconds. A file that has not grown for so long has no writer. */
const hour = 3_600_000;
