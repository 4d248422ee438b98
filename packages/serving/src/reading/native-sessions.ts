import { loadOptional, requirePositiveInteger } from '@rodpo/errors';
import { createSession, type OpenSession, type Runtime } from './session.ts';

export interface SessionOptions {
  /** Threads inside an operator. Default: onnxruntime's own choice, one per physical core. */
  readonly threads?: number;
}

/**
 * Loads models by onnxruntime-node, which is itself loaded with the first of them.
 *
 * @returns what throws an {Error} (marked as actionable) if onnxruntime-node is not installed or does not work
 *   here
 * @throws {RangeError} (marked as actionable) if `threads` is not a positive integer
 */
export function nativeSessions({ threads }: SessionOptions = {}): OpenSession {
  if (threads !== undefined) requirePositiveInteger('threads', threads);
  return async (model) => {
    const module = await loadOptional('onnxruntime-node', () => import('onnxruntime-node'));
    const runtime = ((module as { default?: unknown }).default ?? module) as Runtime;
    return createSession(runtime, model, {
      interOpNumThreads: 1,
      // A thread that spins while it waits takes its core from whoever asks next.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    });
  };
}
