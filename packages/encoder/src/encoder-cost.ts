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
} from './cost-parts.ts';
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
  requirePositiveInteger('length', length);
  const { maxLength, dimension, blockCount } = settings;
  const towerCount = hasTowers(settings) ? streamNames(settings).length : 1;
  const blocks = times(blockCount, block(dimension, length, feedForwardCost(settings)));
  const tower = sum([norm(dimension), blocks]);
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

function feedForwardCost(settings: TransformerSettings): PartCost {
  const { dimension, experts: mixture } = settings;
  return mixture
    ? mixtureCost(mixture, dimension)
    : feedForward(dimension, feedForwardWidthOf(settings));
}

function mixtureCost(settings: MixtureSettings, dimension: number): PartCost {
  const { expertCount, activeCount, width, sharedWidth = 0, noisy, biasRate = 0 } = settings;
  const router = dimension * expertCount;
  return sum([
    { parameters: router, idle: 0, flops: 2 * router },
    table(noisy ? dimension : 0, expertCount),
    table(biasRate > 0 ? 1 : 0, expertCount),
    experts(feedForward(dimension, width), expertCount, activeCount),
    ...(sharedWidth > 0 ? [feedForward(dimension, sharedWidth)] : []),
  ]);
}
