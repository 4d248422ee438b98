import type { InferenceSession } from 'onnxruntime-node';

export type Runtime = typeof import('onnxruntime-node');

export interface SessionOptions {
  /** Threads inside an operator. Default: onnxruntime's own choice, one per physical core. */
  readonly threads?: number;
  /** Where to run, best first. Default: `['cpu']`. */
  readonly executionProviders?: readonly string[];
  /** Writes onnxruntime's profile of every run to `<prefix>_<time>.json`. Default: off. */
  readonly profilePrefix?: string;
}

/** Loads onnxruntime-node on first use, so that importing this package loads nothing native. */
export async function loadRuntime(): Promise<Runtime> {
  try {
    const module = await import('onnxruntime-node');
    return (module as { default?: Runtime }).default ?? module;
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const advice = isMissing ? 'Install it: npm install onnxruntime-node' : 'See the cause below.';
    throw new Error(`Could not load onnxruntime-node. ${advice}`, { cause });
  }
}

/** @throws {Error} naming the providers asked for, if onnxruntime cannot make the session */
export async function createSession(
  runtime: Runtime,
  model: Uint8Array,
  { threads, executionProviders = ['cpu'], profilePrefix }: SessionOptions,
): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(model, {
      executionProviders: [...executionProviders],
      graphOptimizationLevel: 'all',
      interOpNumThreads: 1,
      logSeverityLevel: 4, // failures are thrown, with onnxruntime's message
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      ...(profilePrefix === undefined
        ? {}
        : { enableProfiling: true, profileFilePrefix: profilePrefix }),
    });
  } catch (cause) {
    throw new Error(
      `onnxruntime could not load the compiled step on [${executionProviders}]: ${cause}. ` +
        "Try executionProviders: ['cpu'], or the eager engine.",
      { cause },
    );
  }
}
