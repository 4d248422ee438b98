import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import { keptWorker } from './mutants/kept-worker.mjs';
import { chosenPart } from './mutants/parts.mjs';
import shared from './vitest.package.ts';
import { requiredTfjs } from './vitest.required-tfjs.ts';

const { tests: files } = chosenPart();

class AsListed extends BaseSequencer {
  async sort(tests) {
    const place = ({ moduleId }) => files.findIndex((file) => moduleId.endsWith(`/${file}`));
    return tests.sort((a, b) => place(a) - place(b));
  }
}

/**
 * Packages by name, from the copy that holds the mutants: the links of `node_modules` lead out of it, to
 * the code as it was written, where no mutant would ever be met.
 */
const packages = new URL('../packages/', import.meta.url);
const sources = readdirSync(packages).flatMap((directory) => {
  const folder = new URL(`${directory}/`, packages);
  const { name, exports } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
  return Object.entries(exports)
    .filter(([, { '@rodpo/source': source }]) => source)
    .map(([path, { '@rodpo/source': source }]) => ({
      find: new RegExp(`^${name}${path.slice(1)}$`),
      replacement: new URL(source, folder).pathname,
    }));
});

/** The tests of a part of the app as its mutants face them (`pnpm test:mutants`). */
export default defineConfig({
  ...shared,
  plugins: [requiredTfjs, keptWorker],
  resolve: { alias: sources },
  root: new URL('../', import.meta.url).pathname,
  test: {
    ...shared.test,
    include: files,
    setupFiles: [
      ...shared.test.setupFiles,
      new URL('mutants/report-coverage.mjs', import.meta.url).pathname,
    ],
    env: { RODPO_TEST_TIER: 'quick' },
    // In the sandbox below node_modules they would count as libraries, and run for one file alone.
    server: { deps: { inline: [/\/stryker-setup-\d+\.js$/, /\/report-coverage\.mjs$/] } },
    isolate: false,
    pool: 'threads',
    maxWorkers: 1,
    sequence: { sequencer: AsListed },
  },
});
