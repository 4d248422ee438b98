// The one import for its side effect: it registers tfjs's gradients and its cpu backend.
import '@tensorflow/tfjs';
import { enableProdMode, ready, setBackend } from '@tensorflow/tfjs-core';

interface Backend {
  readonly name: string;
  readonly load: () => Promise<unknown>;
}

/** tfjs backends for the eager engine, best first. Only wasm and cpu come with the app. */
const backends: readonly Backend[] = [
  { name: 'tensorflow', load: () => import('@tensorflow/tfjs-node-gpu' as string) },
  { name: 'tensorflow', load: () => import('@tensorflow/tfjs-node' as string) },
  { name: 'wasm', load: () => import('@tensorflow/tfjs-backend-wasm') },
  { name: 'cpu', load: async () => undefined },
];

/** Activates the first tfjs backend that is installed and works here, and returns its name. */
export async function chooseBackend(): Promise<string> {
  quietTfjs();
  for (const { name, load } of backends) {
    try {
      await load();
      if (await setBackend(name)) {
        await ready();
        return name;
      }
    } catch {
      // Not installed, or its native part does not load on this machine: try the next.
    }
  }
  throw new Error('No tfjs backend works here, not even cpu. Reinstall @tensorflow/tfjs.');
}

/** tfjs prints an advertisement for tfjs-node when a plain backend runs in Node. */
export function quietTfjs(): void {
  enableProdMode();
}
