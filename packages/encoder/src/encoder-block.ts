import { dropout, layerNorm, type Uniform } from '@rodpo/ops';
import { add, type Scalar, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { selfAttention } from './attention.ts';
import { feedForward } from './feed-forward.ts';
import type { GroupedLinear } from './moe/grouped-linear.ts';
import { type MixtureSettings, mixtureOfExperts } from './moe/mixture-of-experts.ts';

export interface BlockSettings {
  readonly headCount: number;
  /** Layer norm after each residual sum (default), or before each layer. */
  readonly norm?: 'post' | 'pre';
  /** A mixture in place of the feed-forward layer. */
  readonly experts?: MixtureSettings | null;
}

export interface BlockContext {
  /** As `causalSegmentMask` makes it: `[rows, 1, length, length]`. */
  readonly mask: Tensor;
  /** `[tokens]` float32: 1, or 0 for padding. */
  readonly real: Tensor;
  /** Share dropped of attention weights and of what each layer adds. */
  readonly dropout: number;
  readonly uniform: Uniform;
  readonly groupedLinear?: GroupedLinear;
  /** Whether noisy routing is noisy. Default false. */
  readonly training?: boolean;
}

/** Vectors, and what a mixture of experts has to say beside them. */
export interface BlockOutput {
  readonly vectors: Tensor2D;
  readonly auxiliaryLoss?: Scalar;
  readonly statistics: Readonly<Record<string, Tensor>>;
  readonly updates: Readonly<Record<string, Tensor>>;
}

/**
 * Self-attention, then a feed-forward layer or a mixture of experts, each with a residual sum.
 * `x` is `[tokens, dimension]`.
 *
 * @param weight finds a parameter of the block by its name, as `initialize` gives it
 * @see Vaswani et al., 2017, https://arxiv.org/abs/1706.03762, section 3.1 (post-LN)
 * @see Xiong et al., 2020, https://arxiv.org/abs/2002.04745 (pre-LN)
 */
export function encoderBlock(
  x: Tensor2D,
  weight: (name: string) => Tensor,
  settings: BlockSettings,
  context: BlockContext,
): BlockOutput {
  const attended = withResidual(x, 'attention.norm', weight, settings, context, (input) => ({
    ...nothing,
    vectors: selfAttention(input, context.mask, attentionWeights(weight), {
      ...context,
      headCount: settings.headCount,
    }),
  }));
  return withResidual(attended.vectors, 'feedForward.norm', weight, settings, context, (input) =>
    settings.experts
      ? experts(input, weight, settings.experts, context)
      : { ...nothing, vectors: feedForward(input, feedForwardWeights(weight)) },
  );
}

const nothing = { statistics: {}, updates: {} };

function withResidual(
  x: Tensor2D,
  norm: string,
  weight: (name: string) => Tensor,
  settings: BlockSettings,
  context: BlockContext,
  layer: (input: Tensor2D) => BlockOutput,
): BlockOutput {
  const normed = (values: Tensor) =>
    layerNorm(values, weight(`${norm}.scale`), weight(`${norm}.offset`)) as Tensor2D;
  const isPre = settings.norm === 'pre';
  const result = layer(isPre ? normed(x) : x);
  const sum = add(x, dropout(result.vectors, context.dropout, context.uniform)) as Tensor2D;
  return { ...result, vectors: isPre ? sum : normed(sum) };
}

function attentionWeights(weight: (name: string) => Tensor) {
  return {
    projection: weight('attention.projection.kernel'),
    projectionBias: weight('attention.projection.bias'),
    output: weight('attention.output.kernel'),
    outputBias: weight('attention.output.bias'),
  };
}

function feedForwardWeights(weight: (name: string) => Tensor) {
  return {
    up: weight('feedForward.up.kernel'),
    upBias: weight('feedForward.up.bias'),
    down: weight('feedForward.down.kernel'),
    downBias: weight('feedForward.down.bias'),
  };
}

function experts(
  input: Tensor2D,
  weight: (name: string) => Tensor,
  settings: MixtureSettings,
  { real, uniform, groupedLinear, training = false }: BlockContext,
): BlockOutput {
  const { output, ...rest } = mixtureOfExperts(
    input,
    (name) => weight(`feedForward.${name}`),
    settings,
    { mask: real, uniform, training, ...(groupedLinear ? { groupedLinear } : {}) },
  );
  const named = (figures: Readonly<Record<string, Tensor>>, prefix: string) =>
    Object.fromEntries(Object.entries(figures).map(([name, value]) => [prefix + name, value]));
  return {
    vectors: output,
    ...(rest.auxiliaryLoss ? { auxiliaryLoss: rest.auxiliaryLoss } : {}),
    statistics: named(rest.statistics, 'experts.'),
    updates: named(rest.updates, 'feedForward.'),
  };
}
