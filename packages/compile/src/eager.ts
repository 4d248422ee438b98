import type { NamedArray } from '@rodpo/files';
import { getBackend, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { carriedNames } from './carried-names.ts';
import {
  allocate,
  checkInputs,
  checkState,
  checkUpdates,
  disposedError,
  specsOf,
} from './check-arrays.ts';
import type {
  NamedTensors,
  Program,
  ProgramOptions,
  RunOptions,
  StepFunction,
  TensorSpec,
  TypedArray,
} from './program.ts';
import { fillUniform, streamKeys } from './uniform-stream.ts';
import { assignValues, registeredVariables, specOfTensor, toTensor } from './variables.ts';

/**
 * Runs `step` op by op on the current tfjs backend: the same program without compilation, and
 * the same random numbers. Slower, but it runs wherever tfjs runs.
 */
export async function eager<
  const Inputs extends Readonly<Record<string, TensorSpec>>,
  Outputs extends Readonly<NamedTensors>,
>(
  step: StepFunction<Inputs, Outputs>,
  options: ProgramOptions<Inputs>,
): Promise<Program<Inputs, Outputs>> {
  return new EagerProgram(step as StepFunction, options) as Program<Inputs, Outputs>;
}

class EagerProgram implements Program {
  readonly engine = `tfjs-${getBackend()}`;
  readonly #step: StepFunction;
  readonly #inputSpecs: Readonly<Record<string, TensorSpec>>;
  readonly #stateSpecs: Readonly<Record<string, TensorSpec>>;
  /** The variables that the step has assigned so far. */
  readonly #variables = new Set<Variable>();
  #state: NamedTensors = {};
  #isDisposed = false;

  constructor(step: StepFunction, { state = {}, inputs }: ProgramOptions) {
    this.#step = step;
    this.#inputSpecs = inputs;
    this.#stateSpecs = specsOf(state);
    this.load(state);
  }

  async run(
    inputs: Readonly<Record<string, TypedArray>>,
    options: RunOptions = {},
  ): Promise<Record<string, TypedArray>> {
    this.#checkAlive();
    checkInputs(this.#inputSpecs, inputs);
    const before = new Map(registered().map((variable) => [variable, variable.dataId]));
    const { outputs, state } = this.#evaluate(inputs, options);
    for (const variable of registered()) {
      if (before.get(variable) !== variable.dataId) this.#variables.add(variable);
    }
    for (const name of Object.keys(state)) this.#state[name]!.dispose();
    this.#state = { ...this.#state, ...state };
    const values = await Promise.all(
      Object.entries(outputs).map(async ([name, result]) => {
        return [name, await valuesOf(result)] as const;
      }),
    );
    for (const result of Object.values(outputs)) result.dispose();
    return Object.fromEntries(values);
  }

  async state(): Promise<Record<string, NamedArray>> {
    this.#checkAlive();
    const carried = [...Object.entries(this.#state), ...this.#shownVariables()];
    const arrays = carried.map(async ([name, held]) => {
      return [name, { shape: held.shape, data: await valuesOf(held) }] as const;
    });
    return Object.fromEntries(await Promise.all(arrays));
  }

  load(state: Readonly<Record<string, NamedArray>>): void {
    this.#checkAlive();
    const others = registered().map((variable) => [variable.name, variable] as const);
    const variables = Object.fromEntries([...others, ...this.#shownVariables()]);
    const variableSpecs = Object.entries(variables).map(([name, variable]) => [
      name,
      specOfTensor(variable),
    ]);
    checkState({ ...Object.fromEntries(variableSpecs), ...this.#stateSpecs }, state);
    for (const [name, { data }] of Object.entries(state)) {
      if (Object.hasOwn(this.#stateSpecs, name)) {
        this.#state[name]?.dispose();
        this.#state[name] = toTensor(this.#stateSpecs[name]!, data);
      } else {
        assignValues(variables[name]!, data);
      }
    }
  }

  assignVariables(): void {
    this.#checkAlive(); // The step works on them: there is nothing to do.
  }

  async dispose(): Promise<void> {
    for (const held of Object.values(this.#state)) held.dispose();
    this.#state = {};
    this.#isDisposed = true;
  }

  #shownVariables(): [string, Variable][] {
    const variables = [...this.#variables];
    const shown = carriedNames(variables.map(({ name }) => name));
    return variables.map((variable) => [shown.get(variable.name)!, variable]);
  }

  #checkAlive(): void {
    if (this.#isDisposed) throw disposedError();
  }

  #evaluate(
    inputs: Readonly<Record<string, TypedArray>>,
    options: RunOptions,
  ): { outputs: NamedTensors; state: NamedTensors } {
    let draws = 0;
    return tidy(() => {
      const { outputs, state = {} } = this.#step({
        state: this.#state,
        inputs: Object.fromEntries(
          Object.entries(this.#inputSpecs).map(([name, spec]) => [
            name,
            toTensor(spec, inputs[name]!),
          ]),
        ),
        uniform: (shape) => {
          const spec: TensorSpec = { shape, dtype: 'float32' };
          const data = allocate(spec) as Float32Array;
          fillUniform(data, streamKeys(options, draws++));
          return toTensor(spec, data);
        },
      });
      checkUpdates(this.#stateSpecs, state);
      // Cloned, so that a step may return an input or a state tensor itself.
      const cloned = (tensors: NamedTensors): NamedTensors =>
        Object.fromEntries(Object.entries(tensors).map(([name, value]) => [name, value.clone()]));
      return { outputs: cloned(outputs), state: cloned(state) } as never;
    }) as { outputs: NamedTensors; state: NamedTensors };
  }
}

function registered(): Variable[] {
  return Object.values(registeredVariables());
}

/** A copy, of the tensor's own type: a backend may hand out its buffer, or one it never cast. */
async function valuesOf(tensor: Tensor): Promise<TypedArray> {
  const values = (await tensor.data()) as TypedArray;
  const copy = allocate(specOfTensor(tensor));
  copy.set(values);
  return copy;
}
