import { actionable, quote } from '@rodpo/errors';
import { UnusableInput } from '../unusable-input.ts';
import type { ModelInputs } from './model-session.ts';
import type { RuntimeTokenizer } from './transformers.ts';

export interface Tokenizer {
  readonly maxTokens: number;
  /**
   * Token ids of a text, special tokens included, at most `maxTokens`.
   *
   * @throws {UnusableInput} `empty` if the text has no tokens but special ones
   */
  encode(text: string): readonly number[];
  /** Texts of one batch, filled up to the longest: `[batch, length]` each. */
  inputs(batch: readonly (readonly number[])[]): ModelInputs;
}

/**
 * Truncates as Python does: the text loses tokens at its end, and keeps the special tokens around
 * it. transformers.js cuts off whatever comes last, the end token too, from which CLIP takes its
 * vector.
 *
 * @throws {RangeError} if `maxTokens` is not between 1 + the special tokens and what the model takes
 */
export function tokenizer(
  runtime: RuntimeTokenizer,
  config: unknown,
  maxTokens: number = tokenLimit(runtime, config),
): Tokenizer {
  const bare = runtime.encode('');
  const trailing = commonEnd(bare, runtime.encode('a'));
  requireMaxTokens(maxTokens, bare.length + 1, tokenLimit(runtime, config));

  return {
    maxTokens,
    encode: (text) => {
      const ids = runtime.encode(text);
      if (ids.length <= bare.length) {
        throw new UnusableInput('empty', `The tokenizer knows nothing of ${quote(text)}.`);
      }
      if (ids.length <= maxTokens) return ids;
      return [...ids.slice(0, maxTokens - trailing.length), ...trailing];
    },
    inputs: (batch) => padded(batch, runtime.pad_token_id ?? 0),
  };
}

/** The special tokens behind a text. */
function commonEnd(bare: readonly number[], encoded: readonly number[]): readonly number[] {
  let count = 0;
  while (count < bare.length && bare.at(-1 - count) === encoded.at(-1 - count)) count++;
  return bare.slice(bare.length - count);
}

/** What `config.json` says of the positions of a text. */
interface Positions {
  readonly model_type?: string | null;
  readonly max_position_embeddings?: number | null;
  readonly pad_token_id?: number | null;
}

/**
 * Architectures that number the tokens of a text from behind the padding token's id: the positions
 * up to there are never used.
 *
 * @see https://github.com/huggingface/transformers/issues/14243
 */
const countsFromPadding: ReadonlySet<string> = new Set(
  (
    'camembert data2vec-text ibert longformer luke mpnet roberta roberta-prelayernorm xlm-roberta ' +
    'xlm-roberta-xl xmod'
  ).split(' '),
);

/** What both the tokenizer and the model's position embeddings allow. */
function tokenLimit({ model_max_length }: RuntimeTokenizer, config: unknown): number {
  const { text_config, ...whole } = config as Positions & { readonly text_config?: Positions };
  const positions = text_config?.max_position_embeddings ?? whole.max_position_embeddings;
  const type = text_config?.model_type ?? whole.model_type ?? '';
  const padToken = text_config?.pad_token_id ?? whole.pad_token_id ?? 1;
  const unused = countsFromPadding.has(type) ? padToken + 1 : 0;
  return Math.min(model_max_length ?? Infinity, (positions ?? Infinity) - unused);
}

function requireMaxTokens(maxTokens: number, least: number, most: number): void {
  if (Number.isInteger(maxTokens) && maxTokens >= least && maxTokens <= most) return;
  const unlimited = 'This model names no limit of its own: give maxTokens.';
  throw actionable(
    new RangeError(
      `maxTokens must be an integer between ${least} and ${most}, got ${maxTokens}. ` +
        `${maxTokens === Infinity ? unlimited : 'Special tokens count.'}`,
    ),
  );
}

function padded(batch: readonly (readonly number[])[], padToken: number): ModelInputs {
  const length = Math.max(...batch.map((ids) => ids.length));
  const dims = [batch.length, length];
  const size = batch.length * length;
  const tokens = new BigInt64Array(size).fill(BigInt(padToken));
  const mask = new BigInt64Array(size);
  batch.forEach((ids, row) => {
    tokens.set(ids.map(BigInt), row * length);
    mask.fill(1n, row * length, row * length + ids.length);
  });
  return {
    input_ids: { data: tokens, dims },
    attention_mask: { data: mask, dims },
    token_type_ids: { data: new BigInt64Array(size), dims },
  };
}
