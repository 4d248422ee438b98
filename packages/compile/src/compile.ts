import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { allocate, checkInputs, checkState, specOf } from './check-arrays.ts';
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
  const traced = await trace(step, specs, options.inputs);
  if (traced.draws.length > 0 && !options.noise) {
    throw new TypeError('The step draws random numbers: pass `noise` to fill them.');
  }
  const runtime = await loadRuntime();
  const session = await createSession(runtime, encodeModel(traced.graph), options);
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
    checkInputs(this.#inputSpecs, inputs);
    const results = await this.#session.run(this.#feeds(inputs, seed), this.#fetches());
    for (const name of this.#trace.updated) {
      const previous = this.#state.get(name)!;
      this.#state.set(name, this.#spare.get(name)!);
      this.#spare.set(name, previous);
    }
    return Object.fromEntries(
      Object.keys(this.#trace.outputs).map((name) => [
        name,
        results[names.output(name)]!.data as TypedArray,
      ]),
    );
  }

  async state(): Promise<Record<string, NamedArray>> {
    return Object.fromEntries(
      Object.entries(this.#stateSpecs).map(([name, { shape }]) => [
        name,
        { shape, data: (this.#state.get(name)!.data as TypedArray).slice() },
      ]),
    );
  }

  load(state: Readonly<Record<string, NamedArray>>): void {
    checkState(this.#stateSpecs, state);
    for (const [name, { data }] of Object.entries(state)) {
      this.#state.set(name, this.#tensor(this.#stateSpecs[name]!, data.slice()));
    }
  }

  async dispose(): Promise<void> {
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
