/** Of a part of an encoder; operations as `EncoderCost` counts them. */
export interface PartCost {
  readonly parameters: number;
  /** Parameters of experts that a token does not use. */
  readonly idle: number;
  /** Of one token, or one item. */
  readonly flops: number;
}

export function linear(from: number, to: number): PartCost {
  return { parameters: from * to + to, idle: 0, flops: 2 * from * to };
}

/** Parameters that are looked up, or multiply and add element by element. */
export function table(rows: number, columns: number): PartCost {
  return { parameters: rows * columns, idle: 0, flops: 0 };
}

export function norm(dimension: number): PartCost {
  return table(2, dimension);
}

export function feedForward(dimension: number, width: number): PartCost {
  return sum([linear(dimension, width), linear(width, dimension)]);
}

/** Of `count` experts, of which a token uses so many. */
export function experts(expert: PartCost, count: number, activeCount: number): PartCost {
  const idle = (count - activeCount) * expert.parameters;
  return { parameters: count * expert.parameters, idle, flops: activeCount * expert.flops };
}

/** A block of self-attention over rows of `length` tokens, and what stands behind it. */
export function block(dimension: number, length: number, feedForwardPart: PartCost): PartCost {
  return sum([
    linear(dimension, 3 * dimension),
    // Queries by keys, then shares by values.
    { parameters: 0, idle: 0, flops: 2 * 2 * length * dimension },
    linear(dimension, dimension),
    feedForwardPart,
    times(2, norm(dimension)),
  ]);
}

export function times(count: number, { parameters, idle, flops }: PartCost): PartCost {
  return { parameters: count * parameters, idle: count * idle, flops: count * flops };
}

export function sum(parts: readonly PartCost[]): PartCost {
  return parts.reduce((left, right) => ({
    parameters: left.parameters + right.parameters,
    idle: left.idle + right.idle,
    flops: left.flops + right.flops,
  }));
}
