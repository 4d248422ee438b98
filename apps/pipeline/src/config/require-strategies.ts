import { type Config, ConfigError } from './config.ts';
import { strategyProblems } from './config-problems.ts';

/**
 * @param itemCount of the catalogue, once it is known
 * @throws {ConfigError} if there is a strategy that the catalogue is too small for
 */
export function requireStrategies(config: Config, itemCount?: number): void {
  const problems = strategyProblems(config, itemCount);
  if (problems.length > 0)
    throw new ConfigError(`The config does not fit: ${problems.join('; ')}.`);
}
