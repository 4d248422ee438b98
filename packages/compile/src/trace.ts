import {
  engine,
  getBackend,
  getKernelsForBackend,
  registerBackend,
  registerKernel,
  removeBackend,
  setBackend,
  tidy,
} from '@tensorflow/tfjs-core';
import { checkUpdates } from './check-arrays.ts';
import { Graph } from './graph.ts';
import { kernelRules } from './kernels/index.ts';
import type { NamedTensors, StepFunction, TensorSpec } from './program.ts';
import { RecordingBackend } from './recording-backend.ts';
import { UnsupportedKernelError } from './trace-error.ts';

const backendName = 'rodpo-trace';

export interface Trace {
  readonly graph: Graph;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  /** Names of the state that the step replaces. */
  readonly updated: readonly string[];
  /** One entry per `uniform` call, in order of the calls. */
  readonly draws: readonly TensorSpec[];
}

/** Graph names of inputs, state and outputs: a prefix keeps the three apart. */
export const names = {
  input: (name: string): string => `input/${name}`,
  state: (name: string): string => `state/${name}`,
  draw: (index: number): string => `draw/${index}`,
  output: (name: string): string => `output/${name}`,
  update: (name: string): string => `update/${name}`,
};

/** The recorder of the trace in progress, if there is one. */
export function currentRecorder(): RecordingBackend | undefined {
  return getBackend() === backendName ? (engine().backend as RecordingBackend) : undefined;
}

/**
 * Runs `step` once on recorded tensors; gradients it takes are recorded with it. Synchronous, so
 * that nothing else runs while tfjs's backend is the recorder.
 */
export function trace(
  step: StepFunction,
  state: Readonly<Record<string, TensorSpec>>,
  inputs: Readonly<Record<string, TensorSpec>>,
): Trace {
  registerRecorder();
  const previous = getBackend();
  void setBackend(backendName); // done when it returns: the recorder needs no initialisation
  try {
    // Not returned through `tidy`, which would search the whole graph for tensors to keep.
    let recorded: Trace | undefined;
    tidy(() => {
      recorded = record(step, state, inputs);
    });
    return recorded!;
  } catch (error) {
    disposeSaved();
    throw explained(error);
  } finally {
    currentRecorder()?.dispose();
    if (previous) void setBackend(previous);
    else removeBackend(backendName); // leaves tfjs as it was: without a backend
  }
}

function registerRecorder(): void {
  if (!engine().registryFactory[backendName]) {
    registerBackend(backendName, () => new RecordingBackend(), 0);
  }
  if (getKernelsForBackend(backendName).length > 0) return;
  for (const [kernelName, rule] of Object.entries(kernelRules)) {
    registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        rule(backend as RecordingBackend, inputs, attrs ?? {}),
    });
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
  step: StepFunction,
  state: Readonly<Record<string, TensorSpec>>,
  inputs: Readonly<Record<string, TensorSpec>>,
): Trace {
  const recorder = currentRecorder()!;
  const graph = new Graph();
  recorder.graph = graph;
  const placeholder = (name: string, spec: TensorSpec) => {
    graph.inputs.push({ name, type: spec.dtype, shape: spec.shape });
    return recorder.tensor(name, spec);
  };
  const named = (specs: Readonly<Record<string, TensorSpec>>, prefix: (name: string) => string) =>
    mapValues(specs, (spec, name) => placeholder(prefix(name), spec));

  const draws: TensorSpec[] = [];
  const result = step({
    state: named(state, names.state),
    inputs: named(inputs, names.input),
    uniform: (shape) => {
      if (recorder.graph !== graph) throw new Error(drawInScan);
      const spec: TensorSpec = { shape, dtype: 'float32' };
      draws.push(spec);
      return placeholder(names.draw(draws.length - 1), spec);
    },
  });

  const outputs = addOutputs(recorder, result.outputs, names.output);
  const updates = addOutputs(recorder, result.state ?? {}, names.update);
  checkUpdates(state, updates);
  return { graph, outputs, updated: Object.keys(updates), draws };
}

function addOutputs(
  recorder: RecordingBackend,
  tensors: NamedTensors,
  prefix: (name: string) => string,
): Record<string, TensorSpec> {
  return mapValues(tensors, (tensor, name) => {
    const spec = { shape: tensor.shape, dtype: tensor.dtype } as TensorSpec;
    recorder.graph.add('Identity', [recorder.name(tensor)], [prefix(name)]);
    recorder.graph.outputs.push({ name: prefix(name), type: spec.dtype, shape: spec.shape });
    return spec;
  });
}

/** tfjs names a missing kernel in its message only, which has two forms. */
function explained(error: unknown): unknown {
  const match = /[Kk]ernel '(\w+)'(?: not registered)? for backend 'rodpo-trace'/.exec(
    String(error),
  );
  return match ? new UnsupportedKernelError(match[1]!) : error;
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, map(value, name)]),
  );
}
