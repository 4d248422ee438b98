import { defineConfig } from 'vitest/config';
import shared from './vitest.package.ts';

/**
 * The app's tests as mutants face them. Left out are whole runs, which take minutes over thousands of
 * mutants, and processes of their own, which have no mutants in them: the score is a lower bound.
 */
export default defineConfig({
  ...shared,
  root: new URL('../apps/pipeline/', import.meta.url).pathname,
  test: {
    ...shared.test,
    exclude: [
      'test/{backend,encoders,engines,equivalence,features,golden-run,images,pipeline,readme}.test.ts',
      'test/{command-line,restore-node-util,tfjs-node}.test.ts',
      'test/compare/{command,compare,queue}.test.ts',
      'test/run/**',
    ],
  },
});
