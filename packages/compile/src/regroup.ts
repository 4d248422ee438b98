import { Graph, type GraphNode } from './graph.ts';

/** Operators that treat each element by itself. */
const elementwise = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Erf',
  'Exp',
  'Neg',
  'Relu',
  'Sigmoid',
  'Tanh',
]);

/**
 * The same graph, in which what happens to each element between two layers of groups (as
 * `groupedLinear` makes them) happens group by group: rows are neither joined nor split in between,
 * and a group's activations stay in the processor's cache. Left as they are: rows that anything else
 * reads as well, as gradients do.
 */
export function regrouped(graph: Graph): Graph {
  const nodes = [...graph.nodes];
  const outputs = graph.outputs.map(({ name }) => name);
  // From the last to the first: a layer is known by the rows that come right from a split.
  for (const split of graph.nodes.toReversed()) {
    const middle = split.operator === 'Split' && middleOf(Graph.of({ ...graph, nodes }), split);
    if (!middle || middle.some((node) => node.outputs.some((name) => outputs.includes(name)))) {
      continue;
    }
    const [join, ...rest] = middle;
    const copies = split.outputs.flatMap((part, group) =>
      copyFor(group, { join: join!, rest, last: split.inputs[0]!, part }),
    );
    nodes.splice(nodes.indexOf(split), 1, ...copies);
    for (const node of middle) nodes.splice(nodes.indexOf(node), 1);
  }
  return Graph.of({ ...graph, nodes });
}

/**
 * The join of the groups and all elementwise nodes from there to `split`, in their order; undefined
 * if anything else comes in between or reads them, or the groups are not the same.
 */
function middleOf({ nodes, constants }: Graph, split: GraphNode): GraphNode[] | undefined {
  const makers = new Map(
    nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)),
  );
  const scalars = new Set(
    constants.filter(({ shape }) => shape.length === 0).map(({ name }) => name),
  );
  const middle = new Set<GraphNode>();
  const open = [split.inputs[0]!];
  let join: GraphNode | undefined;
  while (open.length > 0) {
    const name = open.pop()!;
    const node = makers.get(name);
    if (scalars.has(name) || (node && middle.has(node))) continue;
    if (node?.operator === 'Concat' && (join ?? node) === node) join = node;
    else if (node && elementwise.has(node.operator)) open.push(...node.inputs);
    else return undefined;
    middle.add(node);
  }
  if (!join || !hasGroupsOf(split, join, makers)) return undefined;
  const inside = new Set([...middle].flatMap((node) => node.outputs));
  const others = nodes.filter((node) => node !== split && !middle.has(node));
  if (others.some((node) => reads(node, inside))) return undefined;
  const ordered = nodes.filter((node) => middle.has(node) && node !== join);
  return [join, ...ordered];
}

/** Whether the joined parts have as many rows, each, as those that `split` cuts. */
function hasGroupsOf(
  split: GraphNode,
  join: GraphNode,
  makers: ReadonlyMap<string, GraphNode>,
): boolean {
  if (split.attributes.axis !== 0 || join.attributes.axis !== 0) return false;
  if (join.inputs.length !== split.outputs.length) return false;
  /** What sizes are cast from. */
  const sizes = (name: string) => {
    const maker = makers.get(name);
    return maker?.operator === 'Cast' ? maker.inputs[0] : name;
  };
  return join.inputs.every((part, group) => {
    const layer = makers.get(part);
    if (layer?.operator !== 'Gemm' || layer.attributes.transA) return false;
    const earlier = makers.get(layer.inputs[0]!);
    return (
      earlier?.operator === 'Split' &&
      earlier.attributes.axis === 0 &&
      earlier.outputs[group] === layer.inputs[0] &&
      sizes(earlier.inputs[1]!) === sizes(split.inputs[1]!)
    );
  });
}

function reads({ inputs, attributes }: GraphNode, names: ReadonlySet<string>): boolean {
  return (
    inputs.some((name) => names.has(name)) ||
    Object.values(attributes).some(
      (value) => value instanceof Graph && value.nodes.some((node) => reads(node, names)),
    )
  );
}

interface Middle {
  readonly join: GraphNode;
  readonly rest: readonly GraphNode[];
  /** Name of what was split. */
  readonly last: string;
  /** Name of the group's part of it. */
  readonly part: string;
}

/** The elementwise nodes, for one group. */
function copyFor(group: number, { join, rest, last, part }: Middle): GraphNode[] {
  const made = new Set(rest.flatMap(({ outputs }) => outputs));
  const name = (value: string): string => {
    if (value === join.outputs[0]) return join.inputs[group]!;
    if (value === last) return part;
    return made.has(value) ? `${value}.${group}` : value;
  };
  const copies = rest.map((node) => ({
    ...node,
    inputs: node.inputs.map(name),
    outputs: node.outputs.map(name),
  }));
  // Nothing in between: the part is the joined one, under another name.
  if (join.outputs[0] !== last) return copies;
  return [{ operator: 'Identity', inputs: [join.inputs[group]!], outputs: [part], attributes: {} }];
}
