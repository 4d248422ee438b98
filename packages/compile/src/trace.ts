import {
  engine,
  getBackend,
  removeBackend,
  setBackend,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import { checkUpdates } from './check-arrays.ts';
import { Graph, type GraphOptions } from './graph.ts';
import { LentVariables } from './lent-variables.ts';
import type { NamedTensors, StepFunction, TensorSpec } from './program.ts';
import { keysName, recordUniform } from './record-uniform.ts';
import type { RecordingBackend } from './recording-backend.ts';
import { backendName, registerRecorder } from './register-recorder.ts';
import { specOfTensor } from './variables.ts';
import { watchRandom } from './watch-random.ts';

export interface Trace {
  readonly graph: Graph;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  /** What the program carries, by name: `state` and the variables that the step uses. */
  readonly carried: Readonly<Record<string, TensorSpec>>;
  /** The variables among it. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** Names of what the graph has as inputs: a variable may be assigned and never read. */
  readonly read: readonly string[];
  /** Names of what the step replaces. */
  readonly updated: readonly string[];
  /** How many times the step called `uniform`. */
  readonly drawCount: number;
  /** Variables that the step created, by the graph name of their initial value. */
  readonly created: ReadonlyMap<Variable, string>;
}

/** Graph names of inputs, state and outputs: a prefix keeps the three apart. */
export const names = {
  input: (name: string): string => `input/${name}`,
  state: (name: string): string => `state/${name}`,
  output: (name: string): string => `output/${name}`,
  update: (name: string): string => `update/${name}`,
};

/** The recorder of the trace in progress, if there is one. */
export function currentRecorder(): RecordingBackend | undefined {
  return getBackend() === backendName ? (engine().backend as RecordingBackend) : undefined;
}

/**
 * Runs `step` once on recorded tensors; gradients it takes are recorded with it. Synchronous, so
 * that nothing else runs while tfjs's backend is the recorder. Variables keep their values.
 *
 * @throws {RandomInsideTraceError} if the step drew from `Math.random`, unless it created variables,
 *   which may start at random
 */
export function trace(
  step: StepFunction,
  state: Readonly<Record<string, TensorSpec>>,
  inputs: Readonly<Record<string, TensorSpec>>,
  graphOptions: GraphOptions = {},
): Trace {
  registerRecorder();
  const previous = getBackend();
  const variables = new LentVariables();
  const random = watchRandom();
  void setBackend(backendName); // done when it returns: the recorder needs no initialisation
  try {
    // Not returned through `tidy`, which would search the whole graph for tensors to keep.
    let recorded: Trace | undefined;
    tidy(() => {
      recorded = record(new Graph(undefined, graphOptions), step, state, inputs, variables);
    });
    if (variables.created.size === 0) random.check();
    return recorded!;
  } catch (error) {
    disposeSaved();
    variables.disposeCreated();
    throw error;
  } finally {
    random.stop();
    currentRecorder()?.dispose();
    if (previous) void setBackend(previous);
    else removeBackend(backendName); // leaves tfjs as it was: without a backend
    variables.restore();
  }
}

/** tfjs frees what it saved for a gradient only once the gradient has been computed. */
function disposeSaved(): void {
  const { state } = engine();
  if (state.gradientDepth > 0) return; // the tape of a gradient around this trace
  for (const { saved = [] } of state.activeTape ?? []) {
    for (const tensor of saved) tensor.dispose();
  }
  state.activeTape = [];
}

const drawInScan =
  'uniform was called in the body of a scan, which is recorded once for all iterations. ' +
  'Draw before the scan, and pass the draw as a sequence.';

function record(
  graph: Graph,
  step: StepFunction,
  state: Readonly<Record<string, TensorSpec>>,
  inputs: Readonly<Record<string, TensorSpec>>,
  lent: LentVariables,
): Trace {
  const recorder = currentRecorder()!;
  recorder.graph = graph;
  const input = (name: string, { shape, dtype }: TensorSpec) => {
    graph.inputs.push({ name, type: dtype, shape });
    return name;
  };
  const named = (specs: Readonly<Record<string, TensorSpec>>, prefix: (name: string) => string) =>
    mapValues(specs, (spec, name) => recorder.tensor(input(prefix(name), spec), spec));

  const variables: Record<string, Variable> = {};
  const carry = (variable: Variable) => {
    if (Object.hasOwn(state, variable.name)) throw nameTaken(variable.name);
    variables[variable.name] = variable;
  };
  const lentNames: string[] = [];
  lent.lend(recorder, (variable) => {
    carry(variable);
    lentNames.push(variable.name);
    return input(names.state(variable.name), specOfTensor(variable));
  });
  let drawCount = 0;
  const uniform = (shape: readonly number[]) => {
    if (recorder.graph !== graph) throw new Error(drawInScan);
    const name = recordUniform(graph, drawCount++, shape);
    return recorder.tensor(name, { shape, dtype: 'float32' });
  };
  const result = step({
    state: named(state, names.state),
    inputs: named(inputs, names.input),
    uniform,
  });

  const assigned = lent.assigned();
  for (const variable of assigned) carry(variable);
  const outputs = addOutputs(recorder, result.outputs, names.output);
  const updates = addOutputs(recorder, result.state ?? {}, names.update);
  checkUpdates(state, updates);
  const byName = Object.fromEntries(assigned.map((variable) => [variable.name, variable]));
  const assignments = addOutputs(recorder, byName, names.update);
  if (drawCount > 0) graph.inputs.push({ name: keysName, type: 'uint32', shape: [drawCount, 2] });
  return {
    graph,
    outputs,
    carried: { ...state, ...mapValues(variables, specOfTensor) },
    variables,
    read: [...Object.keys(state), ...lentNames],
    updated: [...Object.keys(updates), ...Object.keys(assignments)],
    drawCount,
    created: lent.created,
  };
}

function nameTaken(name: string): TypeError {
  return new TypeError(
    `'${name}' names both a state and a tf.Variable of the step. Rename one of them.`,
  );
}

function addOutputs(
  recorder: RecordingBackend,
  tensors: NamedTensors,
  prefix: (name: string) => string,
): Record<string, TensorSpec> {
  return mapValues(tensors, (tensor, name) => {
    const spec = specOfTensor(tensor);
    recorder.graph.add('Identity', [recorder.name(tensor)], [prefix(name)]);
    recorder.graph.outputs.push({ name: prefix(name), type: spec.dtype, shape: spec.shape });
    return spec;
  });
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, map(value, name)]),
  );
}
