import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ifThere, readJson } from '@rodpo/files';
import { ConfigError, parseConfig } from '../config/config.ts';
import { readMarker } from '../run/marker.ts';
import type { Reporter } from '../run/reporter.ts';
import { type OpenOptions, openRun, type Run } from '../run/run.ts';

/**
 * Opens a run by its folder alone, wherever that lies now. The run of a comparison's seed has its data
 * in the folder above.
 *
 * @throws {ConfigError} if the folder holds no run, or one of settings that no longer are any
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
  const isPrepared = await ifThere(access(join(folder, 'data', 'ids.json')).then(() => true));
  return openRun(config, reporter, {
    ...options,
    ...(isPrepared ? {} : { inputs: dirname(folder) }),
  });
}
