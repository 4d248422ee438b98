import { actionable } from '@rodpo/errors';
import type { Embedder } from '../embedder.ts';
import {
  type TextModelOptions,
  type TokenIds,
  textEmbedder,
} from '../transformers/text-embedder.ts';

/**
 * The text half of CLIP: texts in the space of `clipImages`, whose model must be the same.
 * Of a text 77 tokens are read, which is about 50 words.
 *
 * Needs an optional peer: `@huggingface/transformers` or `@xenova/transformers`.
 *
 * @throws {ModelNotFoundError} if no place has all files of the model
 * @throws {TransformersNotFoundError} if no package is installed to run it with
 * @throws {RangeError} if an option is none that the model or the package allows
 * @see Radford et al., 2021, https://arxiv.org/abs/2103.00020
 */
export async function clipTexts(options: TextModelOptions): Promise<Embedder<string, TokenIds>> {
  const kind = {
    class: 'CLIPTextModelWithProjection',
    graph: 'text_model',
    settings: ['tokenizer.json', 'tokenizer_config.json'],
  } as const;
  return textEmbedder(
    {
      kind,
      pooling: 'text_embeds',
      pool: (outputs) => {
        if (outputs.text_embeds) return outputs.text_embeds.data.slice();
        throw actionable(
          new Error(
            `Expected a model with the output text_embeds, got one with ` +
              `${Object.keys(outputs).join(', ')}. Export CLIPTextModelWithProjection.`,
          ),
        );
      },
    },
    options,
  );
}
