import { dropout, layerNorm, lookup, splitEvenly } from '@rodpo/ops';
import {
  add,
  cast,
  concat,
  greater,
  reshape,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';
import { causalSegmentMask } from './attention.ts';
import { type BlockContext, type BlockOutput, encoderBlock } from './encoder-block.ts';
import { initTransformer } from './init-transformer.ts';
import { featuresOf, fuse, type ItemStream, idStream, projectedStream } from './item-streams.ts';
import { newItemsBy } from './new-items.ts';
import { checkTokens, type ParameterFinder, parameterFinder } from './parameters.ts';
import { positionVectors } from './positions.ts';
import type {
  Encoded,
  EncodeOptions,
  FeatureTable,
  PackedTokens,
  Parameters,
  SequenceEncoder,
} from './sequence-encoder.ts';
import {
  checkTransformer,
  hasTowers,
  isGated,
  streamNames,
  type TransformerSettings,
  vectorWidth,
} from './transformer-settings.ts';

/**
 * A causal transformer over sequences of items that are known by an id, by vectors from outside, or
 * both. With its defaults it is SASRec, post-LN and with GELU. Token `t` depends only on tokens of
 * its own sequence up to `t`, wherever in a row the sequence lies.
 *
 * @throws {RangeError} if a setting is out of its range, or the settings do not fit one another
 * @see Kang and McAuley, 2018, https://arxiv.org/abs/1808.09781
 */
export function transformerEncoder(settings: TransformerSettings): SequenceEncoder {
  checkTransformer(settings);
  return {
    settings,
    width: vectorWidth(settings),
    untrained: untrainedNames(settings),
    rowParameters: streamNames(settings).includes('id') ? ['items'] : [],
    initialize: (normal) => initTransformer(settings, normal),
    itemVectors: (parameters, features) => itemVectors(settings, parameters, features, idStream),
    ...newItemsOf(settings),
    encode: (parameters, items, tokens, options) =>
      encode(settings, items, tokens, { parameters, ...options }),
  };
}

/** Blocks of each tower are named under its stream, those of a single tower plainly. */
function towerPrefixes(settings: TransformerSettings): string[] {
  return hasTowers(settings) ? streamNames(settings).map((name) => `${name}.`) : [''];
}

function untrainedNames(settings: TransformerSettings): string[] {
  if (!settings.experts?.biasRate) return [];
  return towerPrefixes(settings).flatMap((prefix) =>
    Array.from(
      { length: settings.blockCount },
      (_, block) => `${prefix}block${block}.feedForward.router.bias`,
    ),
  );
}

/**
 * What stands for the id of an item without a trained row: the mean row, but under gated fusion nothing.
 * Its softmax leaves out what an item does not have, so the text of a new item weighs as that of an item
 * without an image does.
 */
function newItemsOf(settings: TransformerSettings): Pick<SequenceEncoder, 'newItems'> {
  const modalities = streamNames(settings).filter((name) => name !== 'id');
  const as = isGated(settings) ? 'absent' : 'mean';
  return newItemsBy(modalities, as, (parameters, features, ids) =>
    itemVectors(settings, parameters, features, ids),
  );
}

/** @param ids the stream of ids, given its parameter */
function itemVectors(
  settings: TransformerSettings,
  parameters: Parameters,
  features: FeatureTable,
  ids: (rows: Tensor) => ItemStream,
): Tensor2D {
  const weight = parameterFinder(parameters);
  return tidy(() => {
    const streams = streamNames(settings).map((name) => {
      if (name === 'id') return ids(weight('items'));
      const known = featuresOf(features, name);
      const absent = isGated(settings) ? 'zeros' : 'learned';
      return projectedStream(known, (part) => weight(`${name}.${part}`), absent);
    });
    return fuse(streams, settings.fusion ?? 'early', (part) => weight(`fusion.${part}`));
  });
}

function encode(
  settings: TransformerSettings,
  items: Tensor2D,
  tokens: PackedTokens,
  { parameters, ...options }: EncodeOptions & { readonly parameters: Parameters },
): Encoded {
  checkTokens(tokens, options.rowLength);
  const weight = parameterFinder(parameters);
  return tidy(() => {
    const segments = reshape(tokens.segments, [-1, options.rowLength]);
    const context = {
      ...options,
      mask: causalSegmentMask(segments),
      real: cast(greater(tokens.segments, 0), 'float32'),
      training: options.targets !== undefined,
    };
    const positions = positionVectors(tokens, weight, settings.positions);
    const prefixes = towerPrefixes(settings);
    const looked = lookup(items, tokens.items);
    const embedded = splitEvenly(looked, prefixes.length, 1);
    const towers = prefixes.map((prefix, index) => {
      const input = add(embedded[index]!, positions) as Tensor2D;
      return renamed(tower(settings, input, parameterFinder(parameters, prefix), context), prefix);
    });
    if (towers.length === 1) return towers[0]! as never;
    const vectors = concat(
      towers.map((output) => output.vectors),
      1,
    );
    return { ...merged(towers), vectors } as never;
  }) as Encoded;
}

function tower(
  settings: TransformerSettings,
  input: Tensor2D,
  weight: ParameterFinder,
  context: BlockContext,
): BlockOutput {
  const normed = (values: Tensor) => layerNorm(values, weight('norm.scale'), weight('norm.offset'));
  const isPre = settings.norm === 'pre';
  const outputs: BlockOutput[] = [];
  let vectors = dropout(isPre ? input : normed(input), context.dropout, context.uniform);
  for (let block = 0; block < settings.blockCount; block++) {
    const inBlock = (name: string) => weight(`block${block}.${name}`);
    const output = encoderBlock(vectors as Tensor2D, inBlock, settings, context);
    outputs.push(renamed(output, `block${block}.`));
    vectors = output.vectors;
  }
  return { ...merged(outputs), vectors: (isPre ? normed(vectors) : vectors) as Tensor2D };
}

function renamed(output: BlockOutput, prefix: string): BlockOutput {
  const named = (tensors: Readonly<Record<string, Tensor>>) =>
    Object.fromEntries(Object.entries(tensors).map(([name, value]) => [prefix + name, value]));
  return { ...output, statistics: named(output.statistics), updates: named(output.updates) };
}

/** What several parts have to say beside their vectors. */
function merged(outputs: readonly BlockOutput[]): Omit<BlockOutput, 'vectors'> {
  const losses = outputs.flatMap(({ auxiliaryLoss }) => auxiliaryLoss ?? []);
  return {
    ...(losses.length > 0 ? { auxiliaryLoss: losses.reduce((sum, loss) => add(sum, loss)) } : {}),
    statistics: Object.assign({}, ...outputs.map(({ statistics }) => statistics)),
    updates: Object.assign({}, ...outputs.map(({ updates }) => updates)),
  };
}
