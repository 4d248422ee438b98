import { expect } from 'vitest';
import { seedProperties } from './testing/src/property-seed.ts';
import { sameLists } from './testing/src/same-lists.ts';

seedProperties();
expect.addEqualityTesters([sameLists]);
if (process.env.TFJS_NODE) {
  // tfjs-node needs it on Node 23 and later, in whatever package's tests.
  const { restoreNodeUtil } = await import('../apps/pipeline/src/engine/restore-node-util.ts');
  restoreNodeUtil();
}
