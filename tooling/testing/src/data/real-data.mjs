// JavaScript, because benches read it without a build.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home =
  process.env.RODPO_DATA || fileURLToPath(new URL('../../../../../shared/data', import.meta.url));

/** @param {string} path @returns {string} */
export function realData(path) {
  return join(home, path);
}

/** @param {...string} paths @returns {boolean} */
export function hasRealData(...paths) {
  const missing = paths.filter((path) => !existsSync(realData(path)));
  if (missing.length > 0) console.warn(`Skipped, for RODPO_DATA has no ${missing.join(', ')}`);
  return missing.length === 0;
}
