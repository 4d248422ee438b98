import { loadOptional, requirePositiveInteger } from '@rodpo/errors';
import type { InferenceSession, Tensor, TypedTensor } from 'onnxruntime-node';

type Runtime = typeof import('onnxruntime-node');

/** An ONNX model ready to run: named tensors in, named tensors out. */
export interface Session {
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  /** A tensor over the numbers: no copy. */
  tensor(data: Float32Array | Int32Array, shape: readonly number[]): Tensor;
  dispose(): Promise<void>;
}

export interface SessionOptions {
  /** Threads inside an operator. Default: onnxruntime's own choice, one per physical core. */
  readonly threads?: number;
}

/**
 * Loads onnxruntime-node on first use.
 *
 * @throws {Error} (marked as actionable) if onnxruntime-node is not installed or does not work here
 * @throws {RangeError} (marked as actionable) if `threads` is not a positive integer
 */
export async function openSession(
  model: Uint8Array,
  { threads }: SessionOptions = {},
): Promise<Session> {
  if (threads !== undefined) requirePositiveInteger('threads', threads);
  const module = await loadOptional('onnxruntime-node', () => import('onnxruntime-node'));
  const runtime = (module as { default?: Runtime }).default ?? module;
  const session: InferenceSession = await runtime.InferenceSession.create(model, {
    interOpNumThreads: 1,
    // A thread that spins while it waits takes its core from whoever asks next.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 4, // failures are thrown, with onnxruntime's message
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  });
  return {
    run: (inputs) => session.run(inputs),
    tensor: (data, shape): TypedTensor<'float32'> | TypedTensor<'int32'> =>
      data instanceof Float32Array
        ? new runtime.Tensor('float32', data, shape)
        : new runtime.Tensor('int32', data, shape),
    dispose: () => session.release(),
  };
}
