import type { RuntimeModel, Transformers } from './transformers.ts';

export interface ModelInput {
  readonly data: Float32Array | BigInt64Array;
  readonly dims: readonly number[];
}

export interface ModelOutput {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export type ModelInputs = Readonly<Record<string, ModelInput>>;
export type ModelOutputs = Readonly<Record<string, ModelOutput>>;

/** A loaded model, without the package that runs it. */
export interface ModelSession {
  /** Inputs that the model does not have are left out. */
  run(inputs: ModelInputs): Promise<ModelOutputs>;
  /** Waits for runs under way. A second call does nothing. */
  dispose(): Promise<void>;
}

/**
 * onnxruntime 1.14, which `@xenova/transformers` has, frees a model when it is garbage and not
 * before: so nothing is kept of a model after `dispose`.
 */
export function modelSession(
  { Tensor }: Transformers,
  loaded: RuntimeModel,
  name: string,
): ModelSession {
  let model: RuntimeModel | undefined = loaded;
  const running = new Set<Promise<unknown>>();

  const run = async (inputs: ModelInputs): Promise<ModelOutputs> => {
    if (!model) throw new Error(`${name} has been disposed of. Make a new embedder.`);
    const tensors = Object.entries(inputs).map(([input, { data, dims }]) => [
      input,
      new Tensor(data instanceof Float32Array ? 'float32' : 'int64', data, dims),
    ]);
    const run = model(Object.fromEntries(tensors));
    running.add(run);
    try {
      return floatOutputs(await run);
    } finally {
      running.delete(run);
    }
  };

  const dispose = async () => {
    const disposed = model;
    model = undefined;
    await Promise.allSettled(running);
    await disposed?.dispose();
  };
  return { run, dispose };
}

/** Other outputs, of other types, are no vectors. */
function floatOutputs(outputs: Awaited<ReturnType<RuntimeModel>>): ModelOutputs {
  const floats: Record<string, ModelOutput> = {};
  for (const [name, { data, dims }] of Object.entries(outputs)) {
    if (data instanceof Float32Array) floats[name] = { data, dims };
  }
  return floats;
}
