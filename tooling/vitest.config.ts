import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import shared from './vitest.package.ts';

const root = new URL('../', import.meta.url);
const members = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, root)).map((name) => `${folder}/${name}`),
);

/**
 * Packages whose test files change nothing that others see: they share a process, and what it has imported. To import
 * tfjs for each file takes as long as the tests.
 */
const sharing = [
  ...['data', 'embeddings', 'encoder', 'errors', 'metrics', 'objectives', 'ops', 'random'],
  ...['recipe', 'samplers', 'simulator', 'trainer'],
].map((name) => `packages/${name}`);

/** Every package's tests and the repository's own, in one run with one report. */
export default defineConfig({
  root: root.pathname,
  test: {
    globalSetup: [new URL('vitest.folders.ts', import.meta.url).pathname],
    // One a core: vitest alone would leave one of a small machine's two idle.
    maxWorkers: availableParallelism(),
    reporters: ['default', ['json', { outputFile: '.test-report.json' }]],
    projects: [
      ...members.map((member) => ({
        ...shared,
        root: new URL(`${member}/`, root).pathname,
        test: { ...shared.test, name: member, isolate: !sharing.includes(member) },
      })),
      {
        ...shared,
        root: new URL('tooling/', root).pathname,
        test: { ...shared.test, name: 'tooling', include: ['*.test.ts'] },
      },
    ],
  },
});
