import { seedProperties } from './testing/src/property-seed.ts';

seedProperties();
if (process.env.TFJS_NODE) {
  // tfjs-node needs it on Node 23 and later, in whatever package's tests.
  const { restoreNodeUtil } = await import('../apps/pipeline/src/engine/restore-node-util.ts');
  restoreNodeUtil();
}
