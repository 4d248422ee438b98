import type { Config } from '../config/config.ts';
import { applyConfigSteps } from '../data/apply-config-steps.ts';
import { type ReadSourceOptions, readSource } from '../data/read-source.ts';
import { type CheckReport, checkReport } from './check-report.ts';
import { knownModalities } from './known-modalities.ts';

/**
 * Reads what a config names and reports on it. Needs no engine, and writes nothing.
 *
 * @throws {ConfigError} if a file is not there
 * @throws {DataFormatError} or {TableError} of `@rodpo/data` if it cannot be read
 * @throws {RangeError} if the steps keep nothing
 */
export async function checkData(
  config: Config,
  options: ReadSourceOptions = {},
): Promise<CheckReport> {
  const { dataset, table, storefront } = await readSource(config, options);
  const kept = applyConfigSteps(dataset, config);
  const modalities = await knownModalities(config, storefront);
  return checkReport({ read: dataset, table, kept, modalities }, config);
}
