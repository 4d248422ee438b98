import { execFileSync } from 'node:child_process';

/** Loading proves little: where tfjs-node does not fit Node, only its operations fail. */
const program = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
const tf = require(process.argv[1]);
const product = tf.matMul([[2, 3]], [[5], [7]]).dataSync()[0];
const { binding, isUsingGpuDevice } = tf.backend();
if (tf.getBackend() !== 'tensorflow' || product !== 31) throw new Error('It computes wrongly: ' + product);
console.log('TensorFlow ' + binding.TF_Version + ' on the ' + (isUsingGpuDevice ? 'GPU' : 'CPU'));
`;

/** @throws {Error} unless one operation of the package in `folder` is right; returns what computed it */
export function computes(folder) {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  return execFileSync(process.execPath, ['-e', program, folder], { env, encoding: 'utf8' }).trim();
}
