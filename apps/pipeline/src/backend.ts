// The one import for its side effect: it registers tfjs's gradients and its cpu backend.
import '@tensorflow/tfjs';
import { enableProdMode, ready, setBackend } from '@tensorflow/tfjs-core';

interface Backend {
  /** What tfjs calls it. */
  readonly name: string;
  /** The npm package that brings it. */
  readonly source: string;
  readonly load: () => Promise<unknown>;
}

/** tfjs backends for the eager engine, best first. Only wasm and cpu come with the app. */
const backends: readonly Backend[] = [
  {
    name: 'tensorflow',
    source: '@tensorflow/tfjs-node-gpu',
    load: () => import('@tensorflow/tfjs-node-gpu' as string),
  },
  {
    name: 'tensorflow',
    source: '@tensorflow/tfjs-node',
    load: () => import('@tensorflow/tfjs-node' as string),
  },
  {
    name: 'wasm',
    source: '@tensorflow/tfjs-backend-wasm',
    load: () => import('@tensorflow/tfjs-backend-wasm'),
  },
  { name: 'cpu', source: '@tensorflow/tfjs', load: async () => undefined },
];

/**
 * Activates the first tfjs backend that is installed and works here, and returns its name.
 *
 * @param warn told of a backend that is installed but does not load; a missing one is passed over
 */
export async function chooseBackend(
  warn: (message: string) => void,
  candidates: readonly Backend[] = backends,
): Promise<string> {
  quietTfjs();
  for (const { name, source, load } of candidates) {
    try {
      await load();
      if (await setBackend(name)) {
        await ready();
        return name;
      }
      warn(`${source} is installed, but its backend does not start: trying the next.`);
    } catch (error) {
      if (!isMissing(error, source)) warn(brokenBackend(source, error as Error));
    }
  }
  throw new Error('No tfjs backend works here, not even cpu. Reinstall @tensorflow/tfjs.');
}

function isMissing(error: unknown, source: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${source}'`);
}

function brokenBackend(source: string, { message }: Error): string {
  const advice = source.includes('tfjs-node')
    ? ' tfjs-node 4.22 does not load on Node 23 and later, and needs its install script to have run.'
    : '';
  return `${source} is installed, but does not load (${message}): trying the next.${advice}`;
}

/** tfjs prints an advertisement for tfjs-node when a plain backend runs in Node. */
export function quietTfjs(): void {
  enableProdMode();
}
