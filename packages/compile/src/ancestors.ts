import { type Attribute, Graph, type GraphNode, type GraphValue } from './graph.ts';

/**
 * The part of `graph` that some of its values are computed from, as a graph of its own. Its outputs
 * are the keys of `outputs`, copies of the values: a value may be a constant, which is no output.
 */
export function ancestorsOf(graph: Graph, outputs: ReadonlyMap<string, GraphValue>): Graph {
  const needed = new Set([...outputs.values()].map(({ name }) => name));
  const nodes = graph.nodes.toReversed().filter((node) => {
    const isNeeded = node.outputs.some((name) => needed.has(name));
    if (isNeeded) for (const name of readBy(node)) needed.add(name);
    return isNeeded;
  });
  const isNeeded = ({ name }: GraphValue) => needed.has(name);
  const part = new Graph();
  part.nodes.push(...nodes.toReversed());
  part.constants.push(...graph.constants.filter(isNeeded));
  part.inputs.push(...graph.inputs.filter(isNeeded));
  for (const [name, value] of outputs) {
    part.add('Identity', [value.name], [name]);
    part.outputs.push({ ...value, name });
  }
  return part;
}

/** What a node reads, in its subgraphs as well. */
function readBy({ inputs, attributes }: GraphNode): string[] {
  const isGraph = (attribute: Attribute): attribute is Graph => attribute instanceof Graph;
  const inner = Object.values(attributes).filter(isGraph);
  return [...inputs, ...inner.flatMap((graph) => graph.nodes.flatMap(readBy))];
}
