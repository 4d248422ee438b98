import { relative, resolve, sep } from 'node:path';
import { ConfigError } from '../config/config.ts';

/**
 * A folder that holds anything else could not become a run's.
 *
 * @throws {ConfigError} if what an option names lies in the run folder, or is it
 */
export function requireOutside(output: string, folder: string, option = '--output'): void {
  const way = relative(resolve(folder), resolve(output));
  if (way === '..' || way.startsWith(`..${sep}`)) return;
  throw new ConfigError(
    `${option} ${output} lies in the run folder ${folder}, which holds what runs leave and nothing ` +
      'else. Name a place in another folder.',
  );
}
