import type { NamedArray } from '@rodpo/files';
import { Graph } from './graph.ts';
import { names, type Trace } from './trace.ts';
import { readValues } from './variables.ts';

/**
 * The graph of a trace with its weights as constants instead of inputs: the values in `state`, and
 * those that variables have now.
 */
export function withWeights(
  graph: Graph,
  { carried, variables }: Pick<Trace, 'carried' | 'variables'>,
  state: Readonly<Record<string, NamedArray>>,
): Graph {
  const isWeight = new Set(Object.keys(carried).map(names.state));
  const weights = Object.entries(carried).map(([name, { dtype, shape }]) => {
    const values = state[name]?.data ?? readValues(variables[name]!);
    const { buffer, byteOffset, byteLength } = values;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    return { name: names.state(name), type: dtype, shape, bytes };
  });
  return Graph.of({
    nodes: graph.nodes,
    outputs: graph.outputs,
    inputs: graph.inputs.filter(({ name }) => !isWeight.has(name)),
    constants: [...graph.constants, ...weights],
  });
}

/** The same graph without these constants. It is none that runs until they are added again. */
export function withoutWeights(graph: Graph, { carried }: Pick<Trace, 'carried'>): Graph {
  const isWeight = new Set(Object.keys(carried).map(names.state));
  const constants = graph.constants.filter(({ name }) => !isWeight.has(name));
  return Graph.of({ ...graph, constants });
}
