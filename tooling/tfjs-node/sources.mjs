// What tfjs-node is built from, and where the builds lie.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Nothing in it is tracked, and deleting it costs only the time to build again. */
const cache =
  process.env.TFJS_NODE_CACHE ?? join(repository, 'node_modules', '.cache', 'tfjs-node');

/** The headers of Node-API alone: the addon is the same for every Node that has version 8 of it. */
export const nodeHeaders = {
  name: 'node-api-headers',
  version: '1.9.0',
  integrity:
    'sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
};

/** The first TensorFlow whose C API is in a library that does not need Python. */
const tensorflowVersion = '2.12.1';

/** tfjs-node's two packages. They differ in the TensorFlow that they are linked with. */
export const variants = {
  cpu: {
    name: '@tensorflow/tfjs-node',
    version: '4.22.0',
    integrity:
      'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
    wheel: {
      name: 'tensorflow-cpu',
      version: tensorflowVersion,
      sha256: 'd05b8268da5bd87cf43d46da177e3b3ca39f2db0437e56c5e18351db4cde8679',
    },
  },
  gpu: {
    name: '@tensorflow/tfjs-node-gpu',
    version: '4.22.0',
    integrity:
      'sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
    wheel: {
      name: 'tensorflow',
      version: tensorflowVersion,
      sha256: '721da3bd6454d696d07b4a5d786db91650a5b662933aca32b9d8c39160eb1727',
    },
  },
};

/** The folder of one build, a project of its own: what is installed in it is found from nowhere else. */
export const projectOf = ({ name }) => join(cache, name.split('/')[1]);

/** The package in it, as npm would have laid it out. */
export const packageOf = (variant) => join(projectOf(variant), 'node_modules', variant.name);

/** Written last, so that a build is there wholly or not at all. */
export const stampOf = (variant) => join(projectOf(variant), 'built-from.json');

/** What `import` of the package loads. */
export const entryOf = (variant) => join(packageOf(variant), 'dist', 'index.js');
