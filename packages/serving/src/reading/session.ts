/** Numbers as an engine holds them. */
interface SessionTensor {
  readonly data: unknown;
}

type Tensors = Readonly<Record<string, SessionTensor>>;

/** An ONNX model ready to run: named tensors in, named tensors out. */
export interface Session {
  run(inputs: Tensors): Promise<Tensors>;
  /** A tensor over the numbers: no copy. */
  tensor(data: Float32Array | Int32Array, shape: readonly number[]): SessionTensor;
  dispose(): Promise<void>;
}

/** Loads a model: by onnxruntime-node or by onnxruntime-web. */
export type OpenSession = (model: Uint8Array) => Promise<Session>;

/** What these two have in common. */
export interface Runtime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<RuntimeSession>;
  };
  readonly Tensor: new (
    type: 'float32' | 'int32',
    data: Float32Array | Int32Array,
    shape: readonly number[],
  ) => SessionTensor;
}

interface RuntimeSession {
  run(inputs: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

/** @param options as the runtime's `InferenceSession.create` takes them */
export async function createSession(
  { InferenceSession, Tensor }: Runtime,
  model: Uint8Array,
  options: object,
): Promise<Session> {
  const session = await InferenceSession.create(model, {
    logSeverityLevel: 4, // failures are thrown, with onnxruntime's message
    ...options,
  });
  return {
    run: (inputs) => session.run(inputs),
    tensor: (data, shape) =>
      new Tensor(data instanceof Float32Array ? 'float32' : 'int32', data, shape),
    dispose: () => session.release(),
  };
}
