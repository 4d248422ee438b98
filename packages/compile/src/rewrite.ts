import { type Attribute, Graph, type GraphNode } from './graph.ts';

/** A copy of `graph`, subgraphs included, in which every value has the name that `rename` gives. */
export function renamed(graph: Graph, rename: (name: string) => string): Graph {
  const named = <Value extends { name: string }>(values: readonly Value[]) =>
    values.map((value) => ({ ...value, name: rename(value.name) }));
  return Graph.of({
    nodes: graph.nodes.map((node) => renamedNode(node, rename)),
    inputs: named(graph.inputs),
    outputs: named(graph.outputs),
    constants: named(graph.constants),
  });
}

function renamedNode(node: GraphNode, rename: (name: string) => string): GraphNode {
  return {
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: mapSubgraphs(node.attributes, (graph) => renamed(graph, rename)),
  };
}

/** Attributes with each subgraph replaced. */
function mapSubgraphs(
  attributes: Readonly<Record<string, Attribute>>,
  map: (graph: Graph, name: string) => Graph,
): Record<string, Attribute> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      value instanceof Graph ? map(value, name) : value,
    ]),
  );
}

/**
 * The same graph without the copies that give its outputs their names, where the node that
 * computes a value can write it under that name at once.
 */
export function withoutCopies(graph: Graph): Graph {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const made = new Set(graph.nodes.flatMap((node) => node.outputs));
  const names = new Map<string, string>();
  const rest = graph.nodes.filter(({ operator, inputs, outputs: [output] }) => {
    const value = inputs[0]!;
    const isCopy = operator === 'Identity' && outputs.has(output!) && made.has(value);
    if (!isCopy || outputs.has(value) || names.has(value)) return true;
    names.set(value, output!);
    return false;
  });
  const nodes = rest.map((node) => ({
    ...node,
    attributes: mapSubgraphs(node.attributes, (inner) => withoutCopies(inner)),
  }));
  const { inputs, outputs: results, constants } = graph;
  const shortened = Graph.of({ nodes, inputs, outputs: results, constants });
  return renamed(shortened, (name) => names.get(name) ?? name);
}
