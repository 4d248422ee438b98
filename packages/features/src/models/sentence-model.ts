import { actionable, quote } from '@rodpo/errors';
import type { Embedder } from '../embedder.ts';
import type { ModelOutputs } from '../transformers/model-session.ts';
import { firstTokens, meanOfTokens } from '../transformers/pooling.ts';
import {
  type TextModelOptions,
  type TokenIds,
  textEmbedder,
} from '../transformers/text-embedder.ts';

export interface SentenceModelOptions extends TextModelOptions {
  /**
   * `mean` of the tokens of the text, padding left out, or the first token, `cls`: as the model
   * was trained. Default `mean`.
   */
  readonly pooling?: 'mean' | 'cls';
}

/**
 * A transformer sentence encoder of the `feature-extraction` kind, run by transformers.js: the
 * vectors of sentence-transformers, where `maxTokens` is its `max_seq_length`.
 *
 * A text is cleaned by `cleanText`, cut to `maxTokens` tokens, and needs at least one token of its
 * own. Needs an optional peer: `@huggingface/transformers` or `@xenova/transformers`.
 *
 * @throws {ModelNotFoundError} if no place has all files of the model
 * @throws {TransformersNotFoundError} if no package is installed to run it with
 * @throws {RangeError} if an option is none that the model or the package allows
 * @see Reimers and Gurevych, "Sentence-BERT", 2019, https://arxiv.org/abs/1908.10084
 */
export async function sentenceModel({
  pooling = 'mean',
  ...options
}: SentenceModelOptions): Promise<Embedder<string, TokenIds>> {
  if (pooling !== 'mean' && pooling !== 'cls') {
    throw actionable(new RangeError(`pooling must be "mean" or "cls", got ${quote(pooling)}`));
  }
  const kind = {
    class: 'AutoModel',
    graph: 'model',
    settings: ['tokenizer.json', 'tokenizer_config.json'],
  } as const;
  return textEmbedder(
    {
      kind,
      pooling,
      pool: (outputs, { attention_mask }) => {
        const hidden = hiddenStates(outputs);
        if (pooling === 'cls') return firstTokens(hidden);
        return meanOfTokens(hidden, attention_mask!.data as BigInt64Array);
      },
    },
    options,
  );
}

/** Exporters differ in the name. */
function hiddenStates(outputs: ModelOutputs) {
  const hidden = outputs.last_hidden_state ?? outputs.token_embeddings;
  if (hidden?.dims.length === 3) return hidden;
  throw actionable(
    new Error(
      'Expected a model with the output last_hidden_state [batch, tokens, dimension], got one with ' +
        `${Object.keys(outputs).join(', ')}. Export it for feature extraction.`,
    ),
  );
}
