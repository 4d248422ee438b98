import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import { describe, expect, test, vi } from 'vitest';
import { registerDeferredBackend } from './deferred-backend.ts';
import { counts, defineTest, expectNothingStale, report } from './define-test.ts';
import { installJasmine, suite } from './jasmine.ts';
import { page } from './report.ts';

// tfjs's tests import its modules one by one: with the bundle, there would be two of each.
vi.mock('@tensorflow/tfjs-core', () => import('@tensorflow/tfjs-core/dist/index.js'));
vi.mock('@tensorflow/tfjs-core/dist/jasmine_util.js', () => import('./describe-with-flags.ts'));

const require = createRequire(import.meta.url);
const bundle = require.resolve('@tensorflow/tfjs-core');
const dist = dirname(bundle);
const isOfOps = /^((ops|optimizers|public)\/.*|gradients|tensor|variable|buffer)_test\.js$/;

await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
await import('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js');
registerDeferredBackend();
installJasmine(defineTest);

const files = (readdirSync(dist, { recursive: true }) as string[]).filter(
  (file) => isOfOps.test(file) && file !== 'ops/identity_pool_test.js', // shared by the others
);
for (const file of files.sort()) suite(file, () => import(join(dist, file)));

describe('of all the tests', () => {
  test('there is one tfjs', () => {
    expect(Object.keys(require.cache)).not.toContain(bundle);
  });

  test('no exclusion is stale', ({ skip }) => {
    skip(counts.run < counts.defined, 'not all ran');
    expectNothingStale();
  });

  test('TFJS-TESTS.md tells the outcome', async ({ skip }) => {
    console.log(`${report}`);
    skip(report.total < counts.defined, 'some did not run, or failed');
    const { version } = require('onnxruntime-node/package.json') as { version: string };
    const versions = `tfjs ${version_core}, onnxruntime ${version}`;
    const file = new URL('../../TFJS-TESTS.md', import.meta.url);
    await expect(page(file, versions, report)).toMatchFileSnapshot(file.pathname);
  });
});
