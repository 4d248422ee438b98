import { quote } from '@rodpo/errors';
import type { Embedder } from '../embedder.ts';
import type { Item } from '../item.ts';
import type { Failure } from '../store/failure.ts';
import { UnusableInput } from '../unusable-input.ts';
import { ExtractionError } from './extraction-error.ts';
import type { Limit } from './limit.ts';

/** An input ready to be embedded, or why it cannot be. */
export type Outcome =
  | { readonly id: string; readonly prepared: unknown; readonly failure?: undefined }
  | { readonly id: string; readonly failure: Failure };

export interface PrepareSettings {
  /** Shared by all batches, so that the next begins while the last inputs of one are in work. */
  readonly limit: Limit;
  readonly strict: boolean;
  readonly signals: readonly AbortSignal[];
}

/**
 * Prepares a batch's inputs, several at a time. Waits for all, even if one throws.
 *
 * @throws {ExtractionError} of the first item that fails for another reason than its input, or
 * for any reason if strict
 */
export async function prepareBatch<Input>(
  embedder: Embedder<Input>,
  batch: readonly Item<Input>[],
  { limit, strict, signals }: PrepareSettings,
): Promise<Outcome[]> {
  const settled = await Promise.allSettled(
    batch.map((item) =>
      limit(async () => {
        for (const signal of signals) signal.throwIfAborted();
        return prepareItem(embedder, item, strict);
      }),
    ),
  );
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

const absent = { reason: 'missing', message: 'The item has no input.' } as const;

async function prepareItem<Input>(
  embedder: Embedder<Input>,
  { id, input, problem }: Item<Input>,
  strict: boolean,
): Promise<Outcome> {
  try {
    if (input === undefined) {
      const { reason, message } = problem ?? absent;
      throw new UnusableInput(reason, message);
    }
    return { id, prepared: await embedder.prepare(input) };
  } catch (cause) {
    if (cause instanceof UnusableInput && !strict) {
      return { id, failure: { id, reason: cause.reason, message: cause.message } };
    }
    throw new ExtractionError(`Item ${quote(id)} could not be prepared: ${sayCause(cause)}`, [id], {
      cause,
    });
  }
}

export function sayCause(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
