import type { ViteUserConfig } from 'vitest/config';
import { requiredTfjs } from './vitest.required-tfjs.ts';

/** `pnpm test:engines` has built it; tests find it as if it were installed beside them. */
const { TFJS_NODE: native, TFJS_NODE_ENTRY: entry } = process.env;

/** Tests import packages by name and run their sources: no build comes first. */
const shared: ViteUserConfig = {
  plugins: [requiredTfjs],
  ...(native && entry ? { resolve: { alias: [{ find: native, replacement: entry }] } } : {}),
  ssr: { resolve: { conditions: ['@rodpo/source', 'node', 'import', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // For tests that hang: how long one takes on a busy machine says nothing of what it tests.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    setupFiles: [new URL('vitest.setup.ts', import.meta.url).pathname],
  },
};
export default shared;
