import { add, reshape, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { causalSegmentMask, selfAttention } from './attention.ts';
import { dropout, type Uniform } from './dropout.ts';
import { feedForward } from './feed-forward.ts';
import { layerNorm } from './layer-norm.ts';
import { lookup } from './lookup.ts';

/** Weights by the names that `initSasrec` gives them. */
export type Parameters = Readonly<Record<string, Tensor>>;

/** Packed sequences, int32, flat arrays `[rows · rowLength]`. */
export interface PackedTokens {
  readonly items: Tensor;
  /** Place of each token in its own sequence, from the oldest. */
  readonly positions: Tensor;
  /** Which sequence of its row a token belongs to, from 1; 0 is padding. */
  readonly segments: Tensor;
}

export interface EncodeOptions {
  /** Tokens a row holds. */
  readonly rowLength: number;
  readonly blockCount: number;
  readonly headCount: number;
  /** Share dropped of embeddings, attention weights and block outputs. Use 0 outside training. */
  readonly dropout: number;
  readonly uniform: Uniform;
}

/**
 * SASRec: what each user wants next, after every item of every sequence, `[rows · rowLength,
 * dimension]`. Post-LN blocks with GELU; token `t` depends only on tokens of its own sequence up
 * to `t`, wherever in a row the sequence lies. Padding tokens give values without meaning.
 *
 * Score item `i` after token `t` by the dot product of the result's row `t` with
 * `parameters.items` row `i` (tied embeddings).
 *
 * @throws {RangeError} if `rowLength` does not divide the tokens, `headCount` the dimension, or
 *   `dropout` is not a rate
 * @throws {TypeError} if a parameter is missing or the three token arrays differ in length
 * @see Kang and McAuley, 2018, https://arxiv.org/abs/1808.09781
 */
export function encodeSequences(
  parameters: Parameters,
  tokens: PackedTokens,
  options: EncodeOptions,
): Tensor2D {
  const { rowLength, blockCount, dropout: rate, uniform } = options;
  checkTokens(tokens, rowLength);
  const weight = (name: string) => parameterOf(parameters, name);

  return tidy(() => {
    const mask = causalSegmentMask(reshape(tokens.segments, [-1, rowLength]));
    const items = lookup(weight('items'), tokens.items);
    const embedded = add(items, lookup(weight('positions'), tokens.positions));
    const normed = layerNorm(embedded, weight('norm.scale'), weight('norm.offset'));

    let hidden = dropout(normed, rate, uniform);
    for (let block = 0; block < blockCount; block++) {
      const inBlock = (name: string) => weight(`block${block}.${name}`);
      hidden = encoderBlock(hidden as Tensor2D, mask, inBlock, options);
    }
    return hidden as Tensor2D;
  });
}

function checkTokens({ items, positions, segments }: PackedTokens, rowLength: number): void {
  const sizes = [items.size, positions.size, segments.size];
  if (new Set(sizes).size > 1) {
    throw new TypeError(
      `items, positions and segments must have one length, got ${sizes.join(', ')}`,
    );
  }
  if (!Number.isInteger(items.size / rowLength) || rowLength < 1) {
    throw new RangeError(`rowLength must divide the ${items.size} tokens, got ${rowLength}`);
  }
}

function parameterOf(parameters: Parameters, name: string): Tensor {
  const parameter = parameters[name];
  if (parameter) return parameter;
  throw new TypeError(
    `Parameter '${name}' is missing. Make the parameters with initSasrec, and encode with the ` +
      'same blockCount.',
  );
}

function encoderBlock(
  x: Tensor2D,
  mask: Tensor,
  weight: (name: string) => Tensor,
  options: EncodeOptions,
): Tensor {
  const drop = (values: Tensor) => dropout(values, options.dropout, options.uniform);
  const norm = (values: Tensor, name: string) =>
    layerNorm(values, weight(`${name}.scale`), weight(`${name}.offset`));
  const attention = {
    projection: weight('attention.projection.kernel'),
    projectionBias: weight('attention.projection.bias'),
    output: weight('attention.output.kernel'),
    outputBias: weight('attention.output.bias'),
  };
  const mixed = norm(add(x, drop(selfAttention(x, mask, attention, options))), 'attention.norm');
  const fed = feedForward(mixed as Tensor2D, {
    up: weight('feedForward.up.kernel'),
    upBias: weight('feedForward.up.bias'),
    down: weight('feedForward.down.kernel'),
    downBias: weight('feedForward.down.bias'),
  });
  return norm(add(mixed, drop(fed)), 'feedForward.norm');
}
