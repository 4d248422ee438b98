import '@tensorflow/tfjs'; // registers the cpu backend and the gradients
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';

/** `pnpm test:engines` sets it, and lets the package be found; everything else runs on plain cpu. */
const native = process.env.TFJS_NODE;

/** The tfjs backend of the tests. */
export const testBackend: string = native ? 'tensorflow' : 'cpu';

enableProdMode(); // no banner, no checks of values
if (native) await import(native);
if (!(await setBackend(testBackend)))
  throw new Error(`The backend '${testBackend}' does not start.`);
