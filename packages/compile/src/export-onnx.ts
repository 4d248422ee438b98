import { requireOneOf, requirePositiveInteger } from '@rodpo/errors';
import type { NamedArray } from '@rodpo/files';
import { checkState, specsOf } from './check-arrays.ts';
import type { ExportSpec } from './export-spec.ts';
import type { Graph } from './graph.ts';
import { withHalfWeights } from './half-weights.ts';
import { DynamicShapeError, mergeTraces } from './merge-traces.ts';
import { encodeModel } from './onnx-model.ts';
import type { StepFunction, TensorSpec } from './program.ts';
import { pruned } from './prune.ts';
import { renamed, withoutCopies } from './rewrite.ts';
import { names, type Trace, trace } from './trace.ts';
import {
  RandomInsideTraceError,
  ReadInsideTraceError,
  UnsupportedKernelError,
} from './trace-error.ts';
import { withWeights } from './with-weights.ts';

export interface ExportOptions<
  Inputs extends Readonly<Record<string, ExportSpec>> = Readonly<Record<string, ExportSpec>>,
> {
  /** What the model takes, by the names it will have. */
  readonly inputs: Inputs;
  /**
   * What every value of the dynamic extent is a multiple of, an integer from 1: the row length of
   * packed rows, say. The model is not for others; where it reshapes to whole rows, it fails at them.
   * Default: 1.
   */
  readonly multipleOf?: number;
  /** Weights, by name: initialisers of the model, under these names. Default: none. */
  readonly state?: Readonly<Record<string, NamedArray>>;
  /**
   * Of the weights in the file. 'float16' rounds them to the nearest, in half the bytes; the model makes
   * them float32 when it starts, and calculates in that. Weights beyond 65504 stay float32. Default:
   * 'float32'.
   */
  readonly precision?: 'float32' | 'float16';
}

/**
 * Sizes at which a step with a dynamic extent is traced, over what it is a multiple of. Large primes:
 * no rule treats them specially, and they don't happen to divide other extents.
 */
const tracedSizes = [97, 101, 211] as const;

/**
 * The step as an ONNX model (standard operators, opset 20): the bytes of an `.onnx` file. Weights
 * are `state` and the values that `tf.Variable`s have now.
 *
 * A dynamic extent is found by tracing the step at three sizes, multiples of `multipleOf`: what
 * differs between the traces must be shapes and counts that grow linearly with the size.
 *
 * @throws {RangeError} if `multipleOf` is not a positive integer, or there is no such `precision`
 * @throws {TypeError} if the step draws random numbers or returns state, if two names of inputs,
 *   outputs and weights are equal, or if there is more than one dynamic name
 * @throws {DynamicShapeError} if the step depends on the size in another way, or fails at one
 * @throws {UnsupportedKernelError} | {ReadInsideTraceError} | {RandomInsideTraceError} as `compile`
 */
export function exportOnnx<const Inputs extends Readonly<Record<string, ExportSpec>>>(
  step: StepFunction<Inputs>,
  { inputs, state = {}, multipleOf = 1, precision = 'float32' }: ExportOptions<Inputs>,
): Uint8Array {
  requirePositiveInteger('multipleOf', multipleOf);
  requireOneOf('precision', precision, ['float32', 'float16']);
  checkState(specsOf(state), state);
  const dynamic = dynamicName(inputs);
  const traceAt = (size: number) => {
    const specs = sized(inputs, size * multipleOf);
    const traced = trace(step as StepFunction, specsOf(state), specs, { isPortable: true });
    checkInference(traced);
    return traced;
  };
  const traces =
    dynamic === undefined
      ? [traceAt(0)]
      : tracedSizes.map((size) => explained(dynamic, size * multipleOf, () => traceAt(size)));
  const [first] = traces as [Trace];
  const graphs = traces.map((traced) => pruned(traced.graph));
  const graph =
    dynamic === undefined
      ? graphs[0]!
      : mergeTraces(graphs, inputs, { dynamic, sizes: tracedSizes, multipleOf });
  const weighted = withWeights(graph, first, state);
  const weights = new Set(Object.keys(first.carried).map(names.state));
  const stored = precision === 'float16' ? withHalfWeights(weighted, weights) : weighted;
  return encodeModel(pruned(withoutCopies(named(stored, first))));
}

/** What the step itself throws at a size that we chose is told with that size. */
function explained(dynamic: string, size: number, traceAt: () => Trace): Trace {
  try {
    return traceAt();
  } catch (error) {
    if (isOfTrace(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw DynamicShapeError.atSize(dynamic, { size, message }, { cause: error });
  }
}

function isOfTrace(error: unknown): boolean {
  const classes = [UnsupportedKernelError, ReadInsideTraceError, RandomInsideTraceError, TypeError];
  return classes.some((errorClass) => error instanceof errorClass);
}

function dynamicName(inputs: Readonly<Record<string, ExportSpec>>): string | undefined {
  const found = Object.values(inputs).flatMap(({ shape }) =>
    shape.filter((extent) => typeof extent === 'string'),
  );
  const different = [...new Set(found)];
  if (different.length > 1) {
    throw new TypeError(
      `A model may have one dynamic extent, got '${different.join("', '")}'. ` +
        'Fix the others, or call them alike if they are always equal.',
    );
  }
  return different[0];
}

function sized(
  inputs: Readonly<Record<string, ExportSpec>>,
  size: number,
): Record<string, TensorSpec> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype }]) => [
      name,
      { dtype, shape: shape.map((extent) => (typeof extent === 'string' ? size : extent)) },
    ]),
  );
}

function checkInference({ drawCount, updated, created }: Trace): void {
  for (const variable of created.keys()) variable.dispose();
  const reasons: [boolean, string][] = [
    [drawCount > 0, 'draws random numbers'],
    [created.size > 0, 'creates tf.Variables'],
    [updated.length > 0, `returns or assigns state (${updated.join(', ')})`],
  ];
  const what = reasons.find(([applies]) => applies)?.[1];
  if (what === undefined) return;
  throw new TypeError(
    `The step ${what}, which an exported model cannot. Export the inference step alone.`,
  );
}

/** The graph with the user's names for inputs, outputs and weights. */
function named(graph: Graph, { carried, outputs }: Trace): Graph {
  const own = new Map<string, string>();
  const taken = new Map<string, string>();
  const give = (full: string, name: string, role: string) => {
    const other = taken.get(name);
    if (other) throw new TypeError(`'${name}' names an ${other} and an ${role}. Rename one.`);
    taken.set(name, role);
    own.set(full, name);
  };
  for (const { name } of graph.inputs) give(name, name.slice(names.input('').length), 'input');
  for (const name of Object.keys(outputs)) give(names.output(name), name, 'output');
  for (const name of Object.keys(carried)) {
    // Unlike inputs and outputs, nobody asks for a weight by its name: it may keep its prefix.
    if (!taken.has(name)) give(names.state(name), name, 'weight');
  }
  // Values in between are called v0, v1 …: a prefix keeps them apart from what the user named.
  return renamed(graph, (name) => own.get(name) ?? (taken.has(name) ? `_/${name}` : name));
}
