import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere, readJson } from '@rodpo/files';
import { ConfigError, parseConfig } from '../config/config.ts';
import { markerFile, readMarker } from '../run/marker.ts';
import type { Reporter } from '../run/reporter.ts';
import { type OpenOptions, openRun, type Run } from '../run/run.ts';

/**
 * Opens a run by its folder alone, wherever that lies now. The run of a comparison's seed has its data
 * in the folder above.
 *
 * @throws {ConfigError} if the folder holds no run, or one of settings that no longer are any, or one whose data
 * was never prepared
 * @throws {FolderLockedError} if another process works in it
 */
export async function openFinishedRun(
  folder: string,
  reporter: Reporter,
  options: Pick<OpenOptions, 'purpose' | 'signal'>,
): Promise<Run> {
  if (!(await readMarker(folder, 'run'))) {
    throw new ConfigError(
      `${folder} holds no run. Name the folder that 'rodpo run' made, the setting "output" of its config.`,
    );
  }
  const file = join(folder, 'config.json');
  const config = { ...parseConfig(await readJson(file), file), output: folder };
  return openRun(config, reporter, { ...options, inputs: await inputsOf(folder) });
}

/** The folder that holds the run's data: its own, or the one above. */
async function inputsOf(folder: string): Promise<string> {
  // A folder may be named as '.', of which dirname knows no parent.
  for (const candidate of [folder, join(folder, '..')]) {
    const own = [markerFile, join('data', 'ids.json')].map((name) => access(join(candidate, name)));
    if (await ifThere(Promise.all(own).then(() => true))) return candidate;
  }
  throw new ConfigError(
    `The data of the run in ${folder} was never prepared. Let the run come to its end: 'rodpo run' with its config.`,
  );
}
