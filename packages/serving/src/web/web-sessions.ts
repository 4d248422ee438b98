import { loadOptional, requirePositiveInteger } from '@rodpo/errors';
import { createSession, type OpenSession, type Runtime, type Session } from '../reading/session.ts';

export interface WebSessionOptions {
  /**
   * Address of the folder with onnxruntime's own `.wasm` and `.mjs` files. Default: where the bundler put them,
   * or beside its script. It holds for all bundles of a page: the first one to be opened decides.
   */
  readonly wasmFolder?: string;
  /**
   * Compute by WebGPU where the browser has an adapter, and by wasm where it has none. Default false: a
   * catalogue of some ten thousand items is scored by wasm sooner than its scores come back from a GPU, and
   * onnxruntime's files are half the size.
   */
  readonly webgpu?: boolean;
  /**
   * Threads inside an operator, on pages that may have them (`crossOriginIsolated`). Default 1. The first
   * bundle to be opened decides.
   */
  readonly threads?: number;
}

/** What of onnxruntime-web is set once for a page. */
interface WebRuntime extends Runtime {
  readonly env: { readonly wasm: { numThreads?: number; wasmPaths?: unknown } };
}

/**
 * Loads models by onnxruntime-web, which is itself loaded with the first of them.
 *
 * @returns what throws an {Error} (marked as actionable) if onnxruntime-web is not installed or does not work here
 * @throws {RangeError} (marked as actionable) if `threads` is not a positive integer
 */
export function webSessions(options: WebSessionOptions = {}): OpenSession {
  const { webgpu = false, threads = 1 } = options;
  requirePositiveInteger('threads', threads);
  let loaded: Promise<Loaded> | undefined;
  return async (model) => {
    loaded ??= loadRuntime({ ...options, webgpu, threads });
    const { runtime, providers } = await loaded;
    return oneAtATime(await createSession(runtime, model, { executionProviders: providers }));
  };
}

interface Loaded {
  readonly runtime: Runtime;
  readonly providers: readonly string[];
}

async function loadRuntime({
  webgpu,
  threads,
  wasmFolder,
}: WebSessionOptions & { readonly threads: number }): Promise<Loaded> {
  const isThere = webgpu === true && (await hasAdapter());
  const module = await loadOptional('onnxruntime-web', () =>
    isThere ? import('onnxruntime-web/webgpu') : import('onnxruntime-web/wasm'),
  );
  const runtime = module as unknown as WebRuntime;
  runtime.env.wasm.numThreads = threads;
  if (wasmFolder !== undefined) runtime.env.wasm.wasmPaths = wasmFolder;
  return { runtime, providers: isThere ? ['webgpu', 'wasm'] : ['wasm'] };
}

interface Gpu {
  requestAdapter(): Promise<unknown>;
}

/** Many browsers have WebGPU and, on this machine, nothing to run it on. */
async function hasAdapter(): Promise<boolean> {
  const { navigator } = globalThis as { readonly navigator?: { readonly gpu?: Gpu } };
  const adapter = await navigator?.gpu?.requestAdapter().catch(() => undefined);
  return adapter !== undefined && adapter !== null;
}

/** By WebGPU, a run goes on over many turns, and a session refuses another one until then: it has to wait. */
function oneAtATime({ run, ...session }: Session): Session {
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...session,
    run: (inputs) => {
      const own = last.then(() => run(inputs));
      last = own.catch(() => undefined); // the next one is none of its business
      return own;
    },
  };
}
