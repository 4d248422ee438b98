import { actionable } from '@rodpo/errors';
import type { Embedder } from '../embedder.ts';
import type { ImageInput } from '../image/image-input.ts';
import type { ImagePooling } from '../transformers/image-embedder.ts';
import { type ImageEmbedderOptions, imageEmbedder } from '../transformers/image-embedder.ts';
import type { ModelOutput, ModelOutputs } from '../transformers/model-session.ts';
import { firstTokens, meanOfPlaces, meanOfTokens } from '../transformers/pooling.ts';

export interface ImageModelOptions extends ImageEmbedderOptions {
  /**
   * What becomes the vector:
   * - `pooler`: the output `pooler_output`, flattened
   * - `mean`: the mean of `last_hidden_state` over its tokens (all of them), or its places if it
   *   is a feature map `[batch, channels, height, width]`
   * - `cls`: the first token of `last_hidden_state`
   *
   * Default: `pooler` if the model has that output, else `mean`.
   */
  readonly pooling?: 'pooler' | 'mean' | 'cls';
  /** The graph's name, without number format and ending. Default `model`. */
  readonly graph?: string;
}

/**
 * Any model of the `image-feature-extraction` kind (ViT, DINOv2, ResNet, MobileNet, …), run by
 * transformers.js. Images are preprocessed here, as Python does, and not by transformers.js, whose
 * resizing is another one. Vectors are not normalised unless asked.
 *
 * Needs the optional peer `sharp`, and `@huggingface/transformers` or `@xenova/transformers`.
 *
 * @throws {ModelNotFoundError} if no place has all files of the model
 * @throws {TransformersNotFoundError} if no package is installed to run it with
 * @throws {RangeError} if an option is none that the package allows, or the preprocessing leaves
 * images of different sizes
 */
export async function imageModel({
  pooling,
  graph = 'model',
  ...options
}: ImageModelOptions): Promise<Embedder<ImageInput, Float32Array>> {
  if (pooling !== undefined && !['pooler', 'mean', 'cls'].includes(pooling)) {
    const got = JSON.stringify(pooling);
    throw actionable(new RangeError(`pooling must be "pooler", "mean" or "cls", got ${got}`));
  }
  const kind = {
    class: 'AutoModel',
    graph,
    pooling: (outputs: ModelOutputs) =>
      choosePooling(pooling ?? (outputs.pooler_output ? 'pooler' : 'mean')),
  } as const;
  return imageEmbedder(kind, options);
}

function choosePooling(name: 'pooler' | 'mean' | 'cls'): ImagePooling {
  if (name === 'pooler') {
    return { name, pool: (outputs) => required(outputs, 'pooler_output', [2, 3, 4]).data.slice() };
  }
  if (name === 'cls') {
    return { name, pool: (outputs) => firstTokens(required(outputs, 'last_hidden_state', [3])) };
  }
  return {
    name,
    pool: (outputs) => {
      const hidden = required(outputs, 'last_hidden_state', [3, 4]);
      return hidden.dims.length === 3 ? meanOfTokens(hidden) : meanOfPlaces(hidden);
    },
  };
}

function required(outputs: ModelOutputs, name: string, ranks: readonly number[]): ModelOutput {
  const output = outputs[name];
  if (output && ranks.includes(output.dims.length)) return output;
  const found = Object.entries(outputs).map(([other, { dims }]) => `${other} [${dims}]`);
  throw actionable(
    new Error(
      `Expected a model with the output ${name} of ${ranks.join(' or ')} axes, got one with ` +
        `${found.join(', ')}. Choose another pooling, or export the model for feature extraction.`,
    ),
  );
}
