import type { MixtureSettings } from './moe/mixture-settings.ts';
import {
  checkTransformer,
  feedForwardWidthOf,
  hasTowers,
  intervalCountOf,
  isGated,
  streamNames,
  type TransformerSettings,
} from './transformer-settings.ts';

/**
 * Operations are those of matrix products, a multiplication and an addition each: the rest (norms,
 * activations, softmax, lookups, a router's losses and statistics) is left out, as is usual.
 */
export interface EncoderCost {
  /** Numbers that `initialize` makes. */
  readonly parameters: number;
  /** Of these, all but the experts that a token does not use. */
  readonly activeParameters: number;
  /** Of `encode` without noise, for one token. */
  readonly flopsPerToken: number;
  /** Of `itemVectors`, for one item: once for every item, however many tokens there are. */
  readonly flopsPerItem: number;
}

/** Of a part of the encoder. */
interface PartCost {
  readonly parameters: number;
  /** Parameters of experts that a token does not use. */
  readonly idle: number;
  readonly flops: number;
}

/**
 * What `transformerEncoder` with these settings holds and computes, for rows of `length` tokens.
 * Every token is compared with its whole row, since the mask comes after the product.
 *
 * @throws {RangeError} if a setting or the length is out of its range
 */
export function encoderCost(
  settings: TransformerSettings,
  { length }: { readonly length: number },
): EncoderCost {
  checkTransformer(settings);
  if (!Number.isInteger(length) || length < 1) {
    throw new RangeError(`length must be a positive integer, got ${length}`);
  }
  const { maxLength, dimension, blockCount } = settings;
  const towerCount = hasTowers(settings) ? streamNames(settings).length : 1;
  const block = blockCost(settings, length);
  const tower = sum([norm(dimension), times(blockCount, block)]);
  const items = itemCost(settings);
  const positions = table(maxLength + intervalCountOf(settings), dimension);
  const towers = times(towerCount, tower);
  const { parameters, idle } = sum([items, positions, towers]);
  return {
    parameters,
    activeParameters: parameters - idle,
    flopsPerToken: towers.flops,
    flopsPerItem: items.flops,
  };
}

function itemCost(settings: TransformerSettings): PartCost {
  const { itemCount, dimension, streams } = settings;
  const names = streamNames(settings);
  const parts = names.map((name) =>
    name === 'id'
      ? table(itemCount, dimension)
      : sum([
          linear(streams!.vectors[name]!, dimension),
          table(isGated(settings) ? 0 : 1, dimension),
        ]),
  );
  if (names.length === 1 || hasTowers(settings)) return sum(parts);
  const outputs = isGated(settings) ? names.length : dimension;
  return sum([...parts, linear(names.length * dimension, outputs)]);
}

function blockCost(settings: TransformerSettings, length: number): PartCost {
  const { dimension, experts } = settings;
  const width = feedForwardWidthOf(settings);
  return sum([
    linear(dimension, 3 * dimension),
    // Queries by keys, then shares by values.
    { parameters: 0, idle: 0, flops: 2 * 2 * length * dimension },
    linear(dimension, dimension),
    experts ? mixtureCost(experts, dimension) : feedForward(dimension, width),
    times(2, norm(dimension)),
  ]);
}

function mixtureCost(settings: MixtureSettings, dimension: number): PartCost {
  const { expertCount, activeCount, width, sharedWidth = 0, noisy, biasRate = 0 } = settings;
  const expert = feedForward(dimension, width);
  const idleCount = expertCount - activeCount;
  const router = dimension * expertCount;
  return sum([
    { parameters: router, idle: 0, flops: 2 * router },
    table(noisy ? dimension : 0, expertCount),
    table(biasRate > 0 ? 1 : 0, expertCount),
    times(activeCount, expert),
    { parameters: idleCount * expert.parameters, idle: idleCount * expert.parameters, flops: 0 },
    ...(sharedWidth > 0 ? [feedForward(dimension, sharedWidth)] : []),
  ]);
}

function feedForward(dimension: number, width: number): PartCost {
  return sum([linear(dimension, width), linear(width, dimension)]);
}

function linear(from: number, to: number): PartCost {
  return { parameters: from * to + to, idle: 0, flops: 2 * from * to };
}

function norm(dimension: number): PartCost {
  return table(2, dimension);
}

function table(rows: number, columns: number): PartCost {
  return { parameters: rows * columns, idle: 0, flops: 0 };
}

function times(count: number, { parameters, idle, flops }: PartCost): PartCost {
  return { parameters: count * parameters, idle: count * idle, flops: count * flops };
}

function sum(parts: readonly PartCost[]): PartCost {
  return parts.reduce((left, right) => ({
    parameters: left.parameters + right.parameters,
    idle: left.idle + right.idle,
    flops: left.flops + right.flops,
  }));
}
