import { quote } from '@rodpo/errors';
// The one import for its side effect: it registers tfjs's gradients and its cpu backend.
import '@tensorflow/tfjs';
import {
  backend,
  enableProdMode,
  findBackendFactory,
  matMul,
  ready,
  removeBackend,
  setBackend,
  tidy,
} from '@tensorflow/tfjs-core';
import { restoreNodeUtil } from './restore-node-util.ts';

interface Backend {
  /** What tfjs calls it. */
  readonly name: string;
  /** The npm package that brings it. */
  readonly source: string;
  readonly load: () => Promise<unknown>;
}

/** The backend that was chosen, and what it computes on. */
interface ChosenBackend {
  readonly name: string;
  readonly source: string;
  readonly device: 'cpu' | 'gpu';
}

/** tfjs backends for the eager engine, best first. Only wasm and cpu come with the app. */
const backends: readonly Backend[] = [
  {
    name: 'tensorflow',
    source: '@tensorflow/tfjs-node-gpu',
    load: () => tfjsNode(() => import('@tensorflow/tfjs-node-gpu' as string)),
  },
  {
    name: 'tensorflow',
    source: '@tensorflow/tfjs-node',
    load: () => tfjsNode(() => import('@tensorflow/tfjs-node' as string)),
  },
  {
    name: 'wasm',
    source: '@tensorflow/tfjs-backend-wasm',
    load: () => import('@tensorflow/tfjs-backend-wasm'),
  },
  { name: 'cpu', source: '@tensorflow/tfjs', load: async () => undefined },
];

async function tfjsNode(load: () => Promise<unknown>): Promise<unknown> {
  restoreNodeUtil();
  return load();
}

/**
 * Activates the first tfjs backend that is installed and computes here.
 *
 * @param warn told of a backend that is installed but does not work, and of one made for a GPU that
 * finds none; a missing one is passed over
 */
export async function chooseBackend(
  warn: (message: string) => void,
  candidates: readonly Backend[] = backends,
): Promise<ChosenBackend> {
  quietTfjs();
  for (const { name, source, load } of candidates) {
    try {
      await load();
      await start(name);
      const device = deviceOf(backend());
      if (source.endsWith('-gpu') && device === 'cpu') {
        warn(`${source} finds no GPU here that it can use: it computes on the CPU.`);
      }
      return { name, source, device };
    } catch (error) {
      if (!isMissing(error, source)) warn(brokenBackend(source, error as Error));
      // Another package may bring a backend of the same name: it could not register beside this one.
      if (findBackendFactory(name)) removeBackend(name);
    }
  }
  throw new Error('No tfjs backend works here, not even cpu. Reinstall @tensorflow/tfjs.');
}

/** Loading proves little: tfjs-node may load where its first operation fails. */
async function start(name: string): Promise<void> {
  if (!(await setBackend(name))) throw new Error('its backend does not start');
  await ready();
  const product = tidy(() => matMul([[2, 3]], [[5], [7]]));
  const [value] = await product.data();
  product.dispose();
  if (value !== 31) throw new Error(`it computes 2·5 + 3·7 as ${value}`);
}

/** TensorFlow lists its devices when it starts; the other backends here know the CPU alone. */
function deviceOf(started: object): 'cpu' | 'gpu' {
  return 'isUsingGpuDevice' in started && started.isUsingGpuDevice === true ? 'gpu' : 'cpu';
}

function isMissing(error: unknown, source: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${source}'`);
}

function brokenBackend(source: string, { message }: Error): string {
  const advice = source.includes('tfjs-node')
    ? ` tfjs-node needs its install script to have run: npm rebuild ${source}`
    : '';
  return `${source} is installed, but does not work: ${quote(message, 300)}. Trying the next.${advice}`;
}

/** tfjs prints an advertisement for tfjs-node when a plain backend runs in Node. */
export function quietTfjs(): void {
  enableProdMode();
}
