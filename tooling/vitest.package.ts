import type { ViteUserConfig } from 'vitest/config';

/** Tests import packages by name and run their sources: no build comes first. */
const shared: ViteUserConfig = {
  ssr: { resolve: { conditions: ['@rodpo/source', 'node', 'import', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    setupFiles: [new URL('vitest.setup.ts', import.meta.url).pathname],
  },
};
export default shared;
