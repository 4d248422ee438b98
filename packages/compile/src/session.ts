import { ActionableError, quote, requirePositiveInteger } from '@rodpo/errors';
import type { InferenceSession } from 'onnxruntime-node';
import { ExecutionProviderError } from './execution-provider-error.ts';

export type Runtime = typeof import('onnxruntime-node');

export interface SessionOptions {
  /** Threads inside an operator. Default: onnxruntime's own choice, one per physical core. */
  readonly threads?: number;
  /**
   * Where to run, best first: 'cpu', 'cuda', 'webgpu', 'dml', 'coreml' …, as far as onnxruntime's
   * binary has them. Default: `['cpu']`.
   */
  readonly executionProviders?: readonly string[];
  /** How much onnxruntime may rewrite the graph. Default: 'all'. */
  readonly graphOptimization?: 'disabled' | 'basic' | 'extended' | 'all';
  /** Times every operator of every run, for `profile()`. Slows the runs a little. Default: false. */
  readonly profile?: boolean;
}

/** Loads onnxruntime-node on first use, so that importing this package loads nothing native. */
export async function loadRuntime(): Promise<Runtime> {
  try {
    const module = await import('onnxruntime-node');
    return (module as { default?: Runtime }).default ?? module;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const advice =
      code === 'ERR_MODULE_NOT_FOUND'
        ? 'Install it: npm install onnxruntime-node'
        : `It is installed, but does not load here: ${quote(message, 300)}. ` +
          'Use another machine or the eager engine.';
    throw new ActionableError(`Could not load onnxruntime-node. ${advice}`, { cause });
  }
}

/**
 * @param profilePrefix where onnxruntime writes its profile, if it shall
 * @throws {ExecutionProviderError} if a provider is not in this binary, or cannot start here
 * @throws {RangeError} unless `threads` is a positive integer
 */
export async function createSession(
  runtime: Runtime,
  model: Uint8Array,
  { threads, executionProviders = ['cpu'], graphOptimization = 'all' }: SessionOptions,
  profilePrefix?: string,
): Promise<InferenceSession> {
  if (threads !== undefined) requirePositiveInteger('threads', threads);
  const available = runtime.listSupportedBackends().map(({ name }) => name);
  for (const provider of executionProviders) {
    if (!available.includes(provider)) throw new ExecutionProviderError(provider, available);
  }
  try {
    return await runtime.InferenceSession.create(model, {
      executionProviders: [...executionProviders],
      graphOptimizationLevel: graphOptimization,
      interOpNumThreads: 1,
      logSeverityLevel: 4, // failures are thrown, with onnxruntime's message
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      ...(profilePrefix === undefined
        ? {}
        : { enableProfiling: true, profileFilePrefix: profilePrefix }),
    });
  } catch (cause) {
    const provider = executionProviders.find((name) => name !== 'cpu');
    if (provider) throw new ExecutionProviderError(provider, available, cause);
    throw new Error(`onnxruntime could not load the compiled step: ${cause}`, { cause });
  }
}
