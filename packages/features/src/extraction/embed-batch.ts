import { quote } from '@rodpo/errors';
import type { Embedder } from '../embedder.ts';
import type { ShardBuilder } from '../store/shard-builder.ts';
import { ExtractionError } from './extraction-error.ts';
import { type Outcome, sayCause } from './prepare-batch.ts';

/**
 * Embeds what could be prepared of a batch, and adds vectors and failures to the shard.
 *
 * @returns how many of the batch have no vector
 * @throws {ExtractionError} if the model throws or answers with another shape, or, if strict, with
 * NaN or infinity
 */
export async function embedBatch<Input>(
  embedder: Embedder<Input>,
  outcomes: readonly Outcome[],
  { shard, strict }: { shard: ShardBuilder; strict: boolean },
): Promise<number> {
  const { dimension } = embedder;
  const vectors = await embedPrepared(embedder, outcomes);
  const failedBefore = shard.failures.length;
  let row = 0;
  for (const { id, failure } of outcomes) {
    if (failure) {
      shard.addFailure(failure);
      continue;
    }
    const start = row++ * dimension;
    const notFinite = shard.add(id, vectors.subarray(start, start + dimension));
    if (notFinite && strict)
      throw new ExtractionError(`Item ${quote(id)}: ${notFinite.message}`, [id]);
  }
  return shard.failures.length - failedBefore;
}

async function embedPrepared<Input>(
  embedder: Embedder<Input>,
  outcomes: readonly Outcome[],
): Promise<Float32Array> {
  const usable = outcomes.filter((outcome) => outcome.failure === undefined);
  if (usable.length === 0) return new Float32Array(0);
  const ids = usable.map(({ id }) => id);
  const batch = `The batch of ${ids.length} items from ${quote(ids[0]!)} to ${quote(ids.at(-1)!)}`;
  let vectors: Float32Array;
  try {
    vectors = await embedder.embed(usable.map(({ prepared }) => prepared));
  } catch (cause) {
    const message = `${batch} could not be embedded: ${sayCause(cause)}`;
    throw new ExtractionError(message, ids, { cause });
  }
  const expected = ids.length * embedder.dimension;
  if (vectors.length === expected) return vectors;
  const problem = `must give ${expected} values (dimension ${embedder.dimension})`;
  throw new ExtractionError(`${batch} ${problem}, got ${vectors.length}.`, ids);
}
