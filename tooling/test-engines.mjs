// The tests of tensors on tfjs-node, which it builds first, and a run of the app on tfjs-node-gpu.
//
//   pnpm test:engines [--required] [tests…]
//
// A machine that cannot build tfjs-node says so and passes, but for --required. Names of tests
// leave the others out, and the run of the app.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { entryOf, variants } from './tfjs-node/sources.mjs';

const skipped = 77;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const repository = here('../');

/**
 * Whatever computes with tfjs: whole packages, and those files of others that do so op by op. Tests of
 * single kernels stay on the cpu backend, which is what they compare with. On tfjs-node they fail, and most
 * of them where TensorFlow refuses what the cpu backend takes:
 *
 * - bool or int32 where a kernel is not registered for the type (`Value for attr 'T' of bool`);
 * - paddings given as a number or side by side (`TF Backend supports only 'valid' and 'same'`), strides
 *   that differ, and NCHW;
 * - an int32 tensor that is float32 there (`cannot compute Select`), and division of an int32 by zero;
 * - no kernel: Transform, SearchSorted, RotateWithOffset, MaxPoolWithArgmax, DenseBincount, BitwiseAnd.
 *
 * Not explained yet: pools and their gradients, and convolutions in three dimensions with `same`, give
 * other numbers than the cpu backend, with no error.
 */
const packages = ['encoder', 'objectives', 'ops', 'samplers', 'trainer'];
const ofCompile = [
  ...['checkpoint', 'errors', 'export', 'frozen', 'grouped-linear', 'memory', 'program', 'regroup'],
  ...['scan', 'scatter-add', 'training', 'uniform', 'variables'],
];
const ofApp = ['draw-negatives', 'encoders', 'engines', 'tfjs-node', 'time-inputs'];
const selected = [
  ...packages.map((name) => `packages/${name}/`),
  ...ofCompile.map((name) => `packages/compile/test/${name}.test`),
  ...ofApp.map((name) => `apps/pipeline/test/${name}.test`),
];

function run(command, options, environment = {}) {
  const env = { ...process.env, ...environment };
  const { status, error } = spawnSync(command, options, { cwd: repository, env, stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}

/** Tests find the package of a variant as if it were installed. */
function test(variant, files) {
  const environment = {
    TFJS_NODE: variant.name,
    TF_CPP_MIN_LOG_LEVEL: '2', // errors alone: the GPU's TensorFlow warns of every library of CUDA
    TFJS_NODE_ENTRY: entryOf(variant),
  };
  const vitest = here('../node_modules/.bin/vitest');
  const config = ['--config', here('vitest.config.ts')];
  // The report of `pnpm test` stays as it is. An op costs more here, and tests are full of small ones.
  const options = ['--reporter=default', '--testTimeout=300000'];
  return run(vitest, ['run', ...config, ...options, ...files], environment);
}

function main(options) {
  const isRequired = options.includes('--required');
  const files = options.filter((option) => option !== '--required');
  const built = run(process.execPath, [here('tfjs-node/build.mjs')]);
  if (built === skipped) return isRequired ? 1 : 0;
  if (built !== 0) return built;

  if (files.length > 0) return test(variants.cpu, files);
  return test(variants.cpu, selected) || test(variants.gpu, ['apps/pipeline/test/tfjs-node.test']);
}

process.exitCode = main(process.argv.slice(2));
