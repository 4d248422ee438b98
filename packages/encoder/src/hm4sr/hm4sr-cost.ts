import { requirePositiveInteger } from '@rodpo/errors';
import {
  block,
  experts,
  feedForward,
  linear,
  norm,
  type PartCost,
  sum,
  table,
  times,
} from '../cost-parts.ts';
import type { EncoderCost } from '../encoder-cost.ts';
import { type FilledHm4sr, fillHm4sr, type Hm4srSettings } from './settings.ts';

/**
 * What `hm4srEncoder` with these settings holds and computes, for rows of `length` tokens. What only
 * its losses read counts as parameters, and costs no operations: `encode` without targets has none.
 *
 * @throws {RangeError} if a setting or the length is out of its range
 */
export function hm4srCost(
  settings: Hm4srSettings,
  { length }: { readonly length: number },
): EncoderCost {
  const filled = fillHm4sr(settings);
  requirePositiveInteger('length', length);
  const items = itemCost(filled);
  const encode = sum([
    table(filled.maxLength, filled.dimension),
    times(filled.streams.length, sum([alignmentCost(filled), towerCost(filled, length)])),
    temporalCost(filled),
  ]);
  const { parameters, idle } = sum([items, encode, lossCost(filled)]);
  return {
    parameters,
    activeParameters: parameters - idle,
    flopsPerToken: encode.flops,
    flopsPerItem: items.flops,
  };
}

function itemCost({ itemCount, dimension, streams, vectors }: FilledHm4sr): PartCost {
  const projections = streams
    .slice(1)
    .map((stream) => sum([linear(vectors[stream]!, dimension), table(1, dimension)]));
  return sum([table(itemCount, dimension), ...projections]);
}

/** Of one stream: its router, its experts, and what weighs them. */
function alignmentCost({ dimension, streams, alignment }: FilledHm4sr): PartCost {
  const { expertCount, activeCount } = alignment;
  const expert = linear(streams.length * dimension, dimension);
  // With all experts active, their biases are mixed by a product of their own.
  const mixing = activeCount === expertCount ? 2 * expertCount * dimension : 0;
  return sum([
    linear(dimension, expertCount),
    experts(expert, expertCount, activeCount),
    { ...table(1, 1), flops: mixing },
  ]);
}

function towerCost(settings: FilledHm4sr, length: number): PartCost {
  const { dimension, blockCount, feedForwardWidth } = settings;
  const layer = feedForward(dimension, feedForwardWidth);
  return sum([norm(dimension), times(blockCount, block(dimension, length, layer))]);
}

function temporalCost({ dimension, streams, temporal }: FilledHm4sr): PartCost {
  if (!temporal) return table(0, 0);
  const { expertCount, intervalCount } = temporal;
  const mixed = expertCount * streams.length * dimension;
  return sum([
    table(intervalCount, dimension),
    table(2, dimension), // the kernel and bias of the phases
    linear(2 * dimension, expertCount),
    { parameters: mixed, idle: 0, flops: 2 * mixed },
  ]);
}

function lossCost({ dimension, streams, temporal, losses }: FilledHm4sr): PartCost {
  const placeholder = temporal ? linear(2 * dimension, dimension) : table(1, dimension);
  const placeholders = losses.placeholderContrast ? streams.length - 1 : 0;
  const categories = losses.categories
    ? linear(streams.length * dimension, losses.categories.count)
    : table(0, 0);
  return { ...sum([times(placeholders, placeholder), categories]), flops: 0 };
}
