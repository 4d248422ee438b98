import { lookup, splitEvenly } from '@rodpo/ops';
import {
  add,
  cast,
  concat,
  greater,
  mul,
  reshape,
  type Scalar,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';
import { causalSegmentMask } from '../attention.ts';
import { featuresOf, fuse, type ItemStream, idStream, projectedStream } from '../item-streams.ts';
import { newItemsBy } from '../new-items.ts';
import { checkTokens, type ParameterFinder, parameterFinder } from '../parameters.ts';
import type {
  Encoded,
  EncodeOptions,
  FeatureTable,
  PackedTokens,
  SequenceEncoder,
} from '../sequence-encoder.ts';
import { type Aligned, alignmentExperts } from './alignment-experts.ts';
import { initHm4sr } from './init-hm4sr.ts';
import { ownLosses } from './own-losses.ts';
import { sequenceEnds } from './sequence-ends.ts';
import { type FilledHm4sr, fillHm4sr, type Hm4srSettings } from './settings.ts';
import { streamTower } from './stream-tower.ts';
import { temporalExperts, timeEmbedding } from './temporal-experts.ts';

/**
 * HM4SR: a stream of ids and one of each modality, aligned by experts that see all of them, weighed
 * by experts that see the time, and encoded by a transformer each. Users and items are the streams
 * side by side, so that a score is the sum of one dot product per stream.
 *
 * With `targets` among the options of `encode` it adds HM4SR's own losses: two contrasts, and with
 * `features.categories` the prediction of categories. Unlike HM4SR's published code it trains its
 * temporal experts, learns at every position of a sequence at once, and leaves rows with the same
 * target out of the contrasts.
 *
 * `itemVectors` and `encode` throw a `TypeError` if features, times or parameters did not come.
 *
 * @throws {RangeError} if a setting is out of its range, or the settings do not fit one another
 * @see Zhang et al., "Hierarchical Time-Aware Mixture of Experts for Multi-Modal Sequential
 *   Recommendation", 2025, https://arxiv.org/abs/2501.14269
 */
export function hm4srEncoder(settings: Hm4srSettings): SequenceEncoder {
  const filled = fillHm4sr(settings);
  return {
    settings,
    width: filled.streams.length * filled.dimension,
    untrained: [],
    rowParameters: ['items'],
    initialize: (normal) => initHm4sr(filled, normal),
    itemVectors: (parameters, features) =>
      itemVectors(filled, parameterFinder(parameters), features, idStream),
    // The mean row stands for the id of a new item: its tower then reads, and scores, what is usual.
    ...newItemsBy(filled.streams.slice(1), 'mean', (parameters, features, ids) =>
      itemVectors(filled, parameterFinder(parameters), features, ids),
    ),
    encode: (parameters, items, tokens, options) => {
      checkTokens(tokens, options.rowLength);
      const weight = parameterFinder(parameters);
      return tidy(() => encode(items, tokens, weight, { ...options, settings: filled }) as never);
    },
  };
}

/** @param ids the stream of ids, given its parameter */
function itemVectors(
  { streams }: FilledHm4sr,
  weight: ParameterFinder,
  features: FeatureTable,
  ids: (rows: Tensor) => ItemStream,
): Tensor2D {
  return tidy(() => {
    const projected = streams
      .slice(1)
      .map((name) =>
        projectedStream(featuresOf(features, name), (part) => weight(`${name}.${part}`)),
      );
    return fuse([ids(weight('items')), ...projected], 'late', weight);
  });
}

interface Hm4srOptions extends EncodeOptions {
  readonly settings: FilledHm4sr;
}

function encode(
  items: Tensor2D,
  tokens: PackedTokens,
  weight: ParameterFinder,
  { settings, targets, ...options }: Hm4srOptions,
): Encoded {
  const context = {
    ...options,
    mask: causalSegmentMask(reshape(tokens.segments, [-1, options.rowLength])),
    real: cast(greater(tokens.segments, 0), 'float32'),
  };
  const vectors = lookup(items, tokens.items);
  const time = settings.temporal ? timeEmbedding(tokens, weight) : undefined;
  const placed = withPositions(vectors, lookup(weight('positions'), tokens.positions));
  const aligned = alignmentExperts(placed, weight, settings, context);
  const inputs = time ? temporalExperts(aligned.streams, time, weight) : aligned.streams;
  const outputs = settings.streams.map((name, index) =>
    streamTower(inputs[index]!, (part) => weight(`${name}.${part}`), settings, context),
  );
  const losses = targets
    ? ownLosses({ inputs, outputs, time }, weight, settings, {
        ...context,
        targets,
        ends: sequenceEnds(tokens.segments, options.rowLength),
        items: tokens.items,
        itemVectors: vectors,
      })
    : {};
  return { ...combined(aligned, losses, settings), vectors: concat(outputs, 1), updates: {} };
}

function withPositions(vectors: Tensor2D, positions: Tensor2D): Tensor2D[] {
  const streamCount = vectors.shape[1] / positions.shape[1];
  return splitEvenly(vectors, streamCount, 1).map((stream) => add(stream, positions));
}

/** The weighted sum of all losses, and each of them for logs. */
function combined(
  { auxiliaryLosses, statistics }: Aligned,
  losses: ReturnType<typeof ownLosses>,
  settings: FilledHm4sr,
): { auxiliaryLoss?: Scalar; statistics: Record<string, Tensor> } {
  const names = Object.keys(losses) as (keyof typeof losses)[];
  const terms = [
    ...auxiliaryLosses,
    ...names.map((name) => mul(losses[name]!, settings.losses[name]!.weight)),
  ] as Scalar[];
  return {
    ...(terms.length > 0 && { auxiliaryLoss: terms.reduce((total, term) => add(total, term)) }),
    statistics: { ...statistics, ...losses },
  };
}
