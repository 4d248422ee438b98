import { actionable } from '@rodpo/errors';
import type { Embedder } from '../embedder.ts';
import type { ImageInput } from '../image/image-input.ts';
import { type ImageEmbedderOptions, imageEmbedder } from '../transformers/image-embedder.ts';
import type { ModelOutputs } from '../transformers/model-session.ts';

/**
 * The image half of CLIP (`CLIPVisionModelWithProjection`), in the space of `clipTexts` of the same
 * model. Vectors have length 1 unless `normalize` is false.
 *
 * Images are preprocessed here, as Python does, and not by transformers.js, whose resizing is
 * another one. Needs the optional peer `sharp`, and `@huggingface/transformers` or
 * `@xenova/transformers`.
 *
 * @throws {ModelNotFoundError} if no place has all files of the model
 * @throws {TransformersNotFoundError} if no package is installed to run it with
 * @throws {RangeError} if an option is none that the package allows
 * @see Radford et al., 2021, https://arxiv.org/abs/2103.00020
 */
export async function clipImages({
  normalize = true,
  ...options
}: ImageEmbedderOptions): Promise<Embedder<ImageInput, Float32Array>> {
  const pooling = { name: 'image_embeds', pool: imageEmbeds };
  return imageEmbedder(
    { class: 'CLIPVisionModelWithProjection', graph: 'vision_model', pooling: () => pooling },
    { ...options, normalize },
  );
}

function imageEmbeds(outputs: ModelOutputs): Float32Array {
  if (outputs.image_embeds) return outputs.image_embeds.data.slice();
  throw actionable(
    new Error(
      `Expected a model with the output image_embeds, got one with ` +
        `${Object.keys(outputs).join(', ')}. Export CLIPVisionModelWithProjection.`,
    ),
  );
}
