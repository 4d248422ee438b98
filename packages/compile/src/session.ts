import { ActionableError, quote, requireInteger, requirePositiveInteger } from '@rodpo/errors';
import type { InferenceSession } from 'onnxruntime-node';
import { ExecutionProviderError } from './execution-provider-error.ts';

export type Runtime = typeof import('onnxruntime-node');

/**
 * How long a thread that waits for its next piece of work keeps its core busy before it sleeps:
 * as long as onnxruntime likes (true), not at all (false), so many microseconds, or what does best
 * both on an idle machine and beside other work ('auto').
 */
export type Spinning = boolean | number | 'auto';

export interface SessionOptions {
  /** Threads inside an operator. Default: onnxruntime's own choice, one per physical core. */
  readonly threads?: number;
  /**
   * Whether its threads spin while they wait. It changes the time that a run takes, never its
   * result. Default: 'auto', see the README for what was measured.
   */
  readonly spinning?: Spinning;
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

/** What 'auto' is, in microseconds: longer than most pauses between two parallel operators. */
const briefly = 50;

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
 * @throws {RangeError} unless `threads` is a positive integer, and a number as `spinning` is one up to a second
 */
export async function createSession(
  runtime: Runtime,
  model: Uint8Array,
  options: SessionOptions,
  profilePrefix?: string,
): Promise<InferenceSession> {
  const { threads, spinning = 'auto', executionProviders = ['cpu'] } = options;
  if (threads !== undefined) requirePositiveInteger('threads', threads);
  const intraOp = spinningEntries(spinning);
  const available = runtime.listSupportedBackends().map(({ name }) => name);
  for (const provider of executionProviders) {
    if (!available.includes(provider)) throw new ExecutionProviderError(provider, available);
  }
  try {
    return await runtime.InferenceSession.create(model, {
      executionProviders: [...executionProviders],
      graphOptimizationLevel: options.graphOptimization ?? 'all',
      interOpNumThreads: 1, // so there are none between operators that could spin
      extra: { session: { intra_op: intraOp } },
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

/** As onnxruntime's session configuration has it, under `session.intra_op`. */
function spinningEntries(spinning: Spinning): Record<string, string> {
  if (typeof spinning === 'boolean') return { allow_spinning: spinning ? '1' : '0' };
  const duration = spinning === 'auto' ? briefly : spinning;
  requireInteger('spinning', duration, { from: 0, to: 1_000_000 });
  if (duration === 0) return { allow_spinning: '0' };
  return { allow_spinning: '1', spin_duration_us: String(duration) };
}
