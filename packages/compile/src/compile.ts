import type { NamedArray } from '@rodpo/files';
import { checkState, specsOf } from './check-arrays.ts';
import type { CompiledProgram } from './compiled-program.ts';
import { initialiseVariables } from './initialise-variables.ts';
import { encodeModel } from './onnx-model.ts';
import type {
  NamedTensors,
  ProgramOptions,
  StepFunction,
  TensorSpec,
  TypedArray,
} from './program.ts';
import type { ProgramForm } from './program-form.ts';
import { pruned } from './prune.ts';
import { regrouped } from './regroup.ts';
import { withoutCopies } from './rewrite.ts';
import { loadRuntime, type SessionOptions } from './session.ts';
import { startProgram } from './start-program.ts';
import { type Trace, trace } from './trace.ts';
import { readValues } from './variables.ts';
import { withoutWeights, withWeights } from './with-weights.ts';

export interface CompileOptions<
  Inputs extends Readonly<Record<string, TensorSpec>> = Readonly<Record<string, TensorSpec>>,
> extends ProgramOptions<Inputs>,
    SessionOptions {
  /**
   * Whether state and variables never change: for inference. ONNX Runtime then computes what depends
   * on them alone once, and lays kernels out for its products. Default: false.
   */
  readonly frozen?: boolean;
}

/**
 * Traces `step` once and gives it to ONNX Runtime: every run is one native call, gradients and
 * optimiser update included.
 *
 * The program starts from the values that `tf.Variable`s have now. A step that creates variables,
 * as a tfjs optimiser does the first time, is traced twice: its first trace creates them.
 *
 * @throws {UnsupportedKernelError} if the step uses a tfjs kernel without an ONNX form
 * @throws {ReadInsideTraceError} if the step reads a value
 * @throws {RandomInsideTraceError} if the step draws from `Math.random`
 * @throws {ExecutionProviderError} if onnxruntime cannot run on a provider asked for
 * @throws {TypeError} if the step returns state that the program does not carry, or any if `frozen`
 */
export async function compile<
  const Inputs extends Readonly<Record<string, TensorSpec>>,
  Outputs extends Readonly<NamedTensors>,
>(
  step: StepFunction<Inputs, Outputs>,
  options: CompileOptions<Inputs>,
): Promise<CompiledProgram<Inputs, Outputs>> {
  const { inputs, state = {}, frozen = false } = options;
  const specs = specsOf(state);
  checkState(specs, state);
  const runtime = await loadRuntime();
  let traced = trace(step as StepFunction, specs, inputs);
  if (traced.created.size > 0) {
    await initialiseVariables(runtime, traced);
    traced = trace(step as StepFunction, specs, inputs);
    if (traced.created.size > 0) throw createsAlways(traced);
  }
  if (frozen) checkFrozen(traced);
  const program = await startProgram(
    {
      form: formOf(traced, inputs, frozen),
      model: encodeModel(preparedGraph(traced, state, frozen)),
      values: valuesOf(traced, state),
      variables: traced.variables,
    },
    options,
  );
  return program as CompiledProgram<Inputs, Outputs>;
}

function formOf(
  { graph, outputs, carried, variables, read, updated, drawCount }: Trace,
  inputs: Readonly<Record<string, TensorSpec>>,
  isFrozen: boolean,
): ProgramForm {
  return {
    inputs,
    outputs,
    carried,
    variables: Object.keys(variables),
    read,
    updated,
    drawCount,
    isFrozen,
    nodeCount: graph.nodes.length,
  };
}

/** As onnxruntime gets it; what is frozen is added to the model, so that it is not held twice. */
function preparedGraph(
  traced: Trace,
  state: Readonly<Record<string, NamedArray>>,
  isFrozen: boolean,
) {
  if (!isFrozen) return regrouped(pruned(withoutCopies(traced.graph)));
  const graph = withWeights(traced.graph, traced, state);
  return withoutWeights(regrouped(pruned(withoutCopies(graph))), traced);
}

/** What the program carries at first: the initial state, and the values that variables have now. */
function valuesOf(
  { variables }: Trace,
  state: Readonly<Record<string, NamedArray>>,
): Record<string, TypedArray> {
  const given = Object.entries(state).map(([name, { data }]) => [name, data] as const);
  const read = Object.entries(variables).map(([name, variable]) => {
    return [name, readValues(variable)] as const;
  });
  return Object.fromEntries([...given, ...read]);
}

function createsAlways({ created }: Trace): Error {
  const made = [...created.keys()].map(({ name }) => name);
  for (const variable of created.keys()) variable.dispose();
  return new Error(
    `The step creates tf.Variables (${made.join(', ')}) each time it is called. ` +
      'Create variables once, outside of the step or in its first call.',
  );
}

function checkFrozen({ updated }: Trace): void {
  if (updated.length === 0) return;
  throw new TypeError(
    `The step changes state (${updated.join(', ')}), so it cannot be frozen. ` +
      'Compile it without frozen: true.',
  );
}
