import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import {
  allocate,
  checkInputs,
  checkState,
  disposedError,
  missingNoise,
  specOf,
} from './check-arrays.ts';
import { encodeModel } from './onnx-model.ts';
import type {
  NamedArray,
  Noise,
  Program,
  ProgramOptions,
  StepFunction,
  TensorSpec,
  TypedArray,
} from './program.ts';
import { createSession, loadRuntime, type Runtime, type SessionOptions } from './session.ts';
import { names, type Trace, trace } from './trace.ts';

export interface CompileOptions extends ProgramOptions, SessionOptions {}

/**
 * Traces `step` once and gives it to ONNX Runtime: every run is one native call, gradients and
 * optimiser update included.
 *
 * @throws {UnsupportedKernelError} if the step uses a tfjs kernel without an ONNX form
 * @throws {ReadInsideTraceError} if the step reads a value
 * @throws {TypeError} if the step returns state that the program does not carry
 */
export async function compile(step: StepFunction, options: CompileOptions): Promise<Program> {
  const state = options.state ?? {};
  const specs = Object.fromEntries(
    Object.entries(state).map(([name, array]) => [name, specOf(array)]),
  );
  checkState(specs, state);
  const traced = trace(step, specs, options.inputs);
  if (traced.draws.length > 0 && !options.noise) throw missingNoise();
  const model = encodeModel(traced.graph);
  const runtime = await loadRuntime();
  const session = await createSession(runtime, model, options);
  const program = new CompiledProgram(runtime, session, traced, specs, options);
  program.load(state);
  return program;
}

class CompiledProgram implements Program {
  readonly engine = 'onnxruntime';
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #trace: Trace;
  readonly #stateSpecs: Readonly<Record<string, TensorSpec>>;
  readonly #inputSpecs: Readonly<Record<string, TensorSpec>>;
  readonly #noise: Noise | undefined;
  readonly #state = new Map<string, OrtTensor>();
  /** Buffers the next run writes the new state to; they change places with the state. */
  readonly #spare = new Map<string, OrtTensor>();
  readonly #draws: OrtTensor[];
  #isRunning = false;
  #isDisposed = false;

  constructor(
    runtime: Runtime,
    session: InferenceSession,
    traced: Trace,
    stateSpecs: Readonly<Record<string, TensorSpec>>,
    { inputs, noise }: ProgramOptions,
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.#trace = traced;
    this.#stateSpecs = stateSpecs;
    this.#inputSpecs = inputs;
    this.#noise = noise;
    this.#draws = traced.draws.map((spec) => this.#tensor(spec, allocate(spec)));
    for (const name of traced.updated) {
      this.#spare.set(name, this.#tensor(stateSpecs[name]!, allocate(stateSpecs[name]!)));
    }
  }

  async run(
    inputs: Readonly<Record<string, TypedArray>>,
    seed = 0,
  ): Promise<Record<string, TypedArray>> {
    this.#checkIdle();
    checkInputs(this.#inputSpecs, inputs);
    this.#isRunning = true;
    try {
      const results = await this.#session.run(this.#feeds(inputs, seed), this.#fetches());
      this.#exchangeState();
      return this.#outputs(results);
    } finally {
      this.#isRunning = false;
    }
  }

  #exchangeState(): void {
    for (const name of this.#trace.updated) {
      const previous = this.#state.get(name)!;
      this.#state.set(name, this.#spare.get(name)!);
      this.#spare.set(name, previous);
    }
  }

  #outputs(results: InferenceSession.OnnxValueMapType): Record<string, TypedArray> {
    return Object.fromEntries(
      Object.keys(this.#trace.outputs).map((name) => [
        name,
        (results[names.output(name)] as OrtTensor).data as TypedArray,
      ]),
    );
  }

  /** Runs share buffers, so they cannot overlap. */
  #checkIdle(): void {
    if (this.#isDisposed) throw disposedError();
    if (this.#isRunning) {
      throw new Error('The program is still running. Await a run before the next call.');
    }
  }

  async state(): Promise<Record<string, NamedArray>> {
    this.#checkIdle();
    return Object.fromEntries(
      Object.entries(this.#stateSpecs).map(([name, { shape }]) => [
        name,
        { shape, data: (this.#state.get(name)!.data as TypedArray).slice() },
      ]),
    );
  }

  load(state: Readonly<Record<string, NamedArray>>): void {
    this.#checkIdle();
    checkState(this.#stateSpecs, state);
    for (const [name, { data }] of Object.entries(state)) {
      this.#state.set(name, this.#tensor(this.#stateSpecs[name]!, data.slice()));
    }
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#checkIdle();
    this.#isDisposed = true;
    await this.#session.release();
    this.#state.clear();
    this.#spare.clear();
  }

  #tensor({ dtype, shape }: TensorSpec, data: TypedArray): OrtTensor {
    return new this.#runtime.Tensor(dtype, data, shape);
  }

  #feeds(inputs: Readonly<Record<string, TypedArray>>, seed: number): Record<string, OrtTensor> {
    const feeds: Record<string, OrtTensor> = {};
    for (const [name, spec] of Object.entries(this.#inputSpecs)) {
      feeds[names.input(name)] = this.#tensor(spec, inputs[name]!);
    }
    for (const [name, tensor] of this.#state) feeds[names.state(name)] = tensor;
    for (const [index, tensor] of this.#draws.entries()) {
      this.#noise!(tensor.data as Float32Array, seed, index);
      feeds[names.draw(index)] = tensor;
    }
    return feeds;
  }

  #fetches(): Record<string, OrtTensor | null> {
    const fetches: Record<string, OrtTensor | null> = {};
    for (const name of Object.keys(this.#trace.outputs)) fetches[names.output(name)] = null;
    for (const [name, tensor] of this.#spare) fetches[names.update(name)] = tensor;
    return fetches;
  }
}
