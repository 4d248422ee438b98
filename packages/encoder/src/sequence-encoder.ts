import type { Uniform } from '@rodpo/ops';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { InitialArray } from './initial-array.ts';
import type { GroupedLinear } from './moe/grouped-linear.ts';

/** Weights by the names that `initialize` gives them. */
export type Parameters = Readonly<Record<string, Tensor>>;

/** Packed sequences: flat arrays `[rows · rowLength]`, int32 unless said otherwise. */
export interface PackedTokens {
  readonly items: Tensor;
  /** Place of each token in its own sequence, from the oldest. */
  readonly positions: Tensor;
  /** Which sequence of its row a token belongs to, from 1; 0 is padding. */
  readonly segments: Tensor;
  /** Bucket of the time since the sequence's item before, as `intervalBuckets` makes them. */
  readonly intervals?: Tensor;
  /** When each item was chosen, float32, scaled to [0, 1] over the data. */
  readonly times?: Tensor;
}

/** What is known of every item in one modality, from outside the encoder; never trained. */
export interface DenseFeatures {
  /** `[itemCount, width]`. */
  readonly vectors: Tensor2D;
  /** `[itemCount]` float32: 1 = the item has this modality, 0 = its vector is to be ignored. */
  readonly present: Tensor;
}

/** The same where vectors are mostly zeros, such as codes: what they hold and where, `[itemCount, most]` each. */
export interface SparseFeatures {
  /** Int32: columns of the vector. */
  readonly columns: Tensor2D;
  /** Float32: what stands there; 0 makes a column a filler. */
  readonly values: Tensor2D;
  readonly present: Tensor;
}

export type ItemFeatures = DenseFeatures | SparseFeatures;

/** By modality, e.g. `text`, `image`. */
export type FeatureTable = Readonly<Record<string, ItemFeatures>>;

export interface EncodeOptions {
  /** Tokens a row holds. */
  readonly rowLength: number;
  /** Share dropped of embeddings, attention weights and block outputs. Use 0 outside training. */
  readonly dropout: number;
  readonly uniform: Uniform;
  /**
   * Runs each expert on its own tokens only. Default: every expert on every token, which is right
   * on any backend, but saves nothing; `@rodpo/compile` has one that does.
   */
  readonly groupedLinear?: GroupedLinear;
  /** In training only: the next item of each token `[tokens]` int32; needed by contrastive losses. */
  readonly targets?: Tensor;
  /** In training only: what `itemVectors` read; needed by losses that predict features. */
  readonly features?: FeatureTable;
}

export interface Encoded {
  /** What the user wants after each token: `[tokens, width]`. Padding gives values without meaning. */
  readonly vectors: Tensor2D;
  /** Weighted sum of the encoder's own losses (balance of experts, contrasts); none if it has none. */
  readonly auxiliaryLoss?: Scalar;
  /** Figures for logs, scalars or vectors, e.g. `block0.experts.load` `[experts]`. */
  readonly statistics: Readonly<Record<string, Tensor>>;
  /** Next values of untrained parameters, to be taken over after a training step. */
  readonly updates: Readonly<Record<string, Tensor>>;
}

/** How an encoder knows items that it has no trained row of. */
export interface NewItems {
  /** What it reads of them: names of a `FeatureTable`, at least one. */
  readonly modalities: readonly string[];
  /**
   * Items of which only the features are known, in the space of `itemVectors`: `[newItems, width]`. What
   * stands for their rows is the encoder's to say.
   *
   * @param parameters all of them, but of each of `rowParameters` one row `[1, …]`: the mean of the trained
   * @throws {TypeError} if parameters or features did not come
   */
  vectors(parameters: Parameters, features: FeatureTable): Tensor2D;
}

/**
 * A model that reads sequences of items. The score of item `i` after token `t` is the dot product
 * of row `t` of `encode(…).vectors` with row `i` of `itemVectors(…)`, so that the item side can be
 * computed once and serving costs one matrix product.
 */
export interface SequenceEncoder {
  /** Columns of user and item vectors. */
  readonly width: number;
  /** Parameters that no gradient reaches; `encode` returns their next values as `updates`. */
  readonly untrained: readonly string[];
  /**
   * Parameters whose rows are the items, `[itemCount, …]`: given some rows of them and of the
   * features, `itemVectors` gives the vectors of these items, each as it has it among all. With it
   * large catalogues are read in blocks. Default: not known, so that parameters are needed whole.
   */
  readonly rowParameters?: readonly string[];
  /**
   * What it was made of, as JSON has it: what its functions close over, so that two encoders of the same
   * shapes can be told apart. Default: they are told apart by their source alone.
   */
  readonly settings?: object;
  /** @param normal draws from the standard normal distribution */
  initialize(normal: () => number): Record<string, InitialArray>;
  /** Every item as candidates are scored and tokens begin: `[itemCount, width]`. */
  itemVectors(parameters: Parameters, features: FeatureTable): Tensor2D;
  /** Absent if the encoder knows items by their rows alone: then there are none without training. */
  readonly newItems?: NewItems;
  /** @param items what `itemVectors` gave for the same parameters */
  encode(
    parameters: Parameters,
    items: Tensor2D,
    tokens: PackedTokens,
    options: EncodeOptions,
  ): Encoded;
}
