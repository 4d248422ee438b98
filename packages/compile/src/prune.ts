import { type Attribute, Graph, type GraphNode, type GraphValue } from './graph.ts';

/** The graph without the nodes and constants that no output needs. Its inputs stay. */
export function pruned(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map(({ name }) => name));
  const nodes = graph.nodes.toReversed().filter((node) => {
    const isNeeded = node.outputs.some((name) => needed.has(name));
    if (isNeeded) for (const name of readBy(node)) needed.add(name);
    return isNeeded;
  });
  return Graph.of({
    nodes: nodes.toReversed(),
    inputs: graph.inputs,
    outputs: graph.outputs,
    constants: graph.constants.filter(({ name }) => needed.has(name)),
  });
}

/**
 * The part of `graph` that some of its values are computed from, as a graph of its own. Its outputs
 * are the keys of `outputs`, copies of the values: a value may be a constant, which is no output.
 */
export function ancestorsOf(graph: Graph, outputs: ReadonlyMap<string, GraphValue>): Graph {
  const { nodes, constants } = graph;
  const whole = Graph.of({ nodes, constants, inputs: [], outputs: [] });
  for (const [name, value] of outputs) {
    whole.add('Identity', [value.name], [name]);
    whole.outputs.push({ ...value, name });
  }
  const part = pruned(whole);
  const read = new Set(part.nodes.flatMap(readBy));
  part.inputs.push(...graph.inputs.filter(({ name }) => read.has(name)));
  return part;
}

/** What a node reads, in its subgraphs as well. */
function readBy({ inputs, attributes }: GraphNode): string[] {
  const isGraph = (attribute: Attribute): attribute is Graph => attribute instanceof Graph;
  const inner = Object.values(attributes).filter(isGraph);
  return [...inputs, ...inner.flatMap((graph) => graph.nodes.flatMap(readBy))];
}
