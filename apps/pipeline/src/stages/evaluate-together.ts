import { sha256Of } from '@rodpo/files';
import { completeShards, type ShardQueue } from '@rodpo/queue';
import type { EvaluationRanker, Weights } from '@rodpo/recipe';
import { queueIncomplete } from '../run/queue-incomplete.ts';
import { ownedBy, type Run } from '../run/run.ts';
import type { ModelFigures } from './evaluate-model.ts';
import { type CaseCounts, isRanked, joinShards, type RankShard, rankShard } from './rank-shards.ts';

/** How one of several processes shares the ranking. */
export interface SharedEvaluation {
  /** Every `count`-th shard, from the `index`-th on, counted from 1. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** A Redis URL: shards are taken from a queue there. */
  readonly queue?: string;
  /** Shards that the queue gave up are sent again. */
  readonly retryFailed?: boolean;
}

/** What a process ranks with. */
export interface Ranked {
  readonly run: Run;
  readonly ranker: EvaluationRanker;
  readonly models: Readonly<Record<string, Weights>>;
  readonly shards: readonly RankShard[];
  readonly cases: CaseCounts;
}

/**
 * Ranks what this process gets of the shards: those that `shard` names, or what it can take from the queue until
 * nobody has any left. What was ranked before with the same weights is not ranked again.
 *
 * @throws {QueueIncompleteError} if the queue gave shards up
 */
export async function rankTogether(
  ranked: Ranked,
  { shard, queue, retryFailed = false }: SharedEvaluation,
): Promise<void> {
  if (queue !== undefined) return rankByQueue(ranked, queue, retryFailed);
  const { run, shards } = ranked;
  const isOwn = (index: number) => !shard || index % shard.count === shard.index - 1;
  for (const [index, own] of shards.entries()) {
    if (!isOwn(index) || (await isRanked(run, own))) continue;
    run.signal.throwIfAborted();
    await rankOne(ranked, run, index);
  }
}

/** Figures by model, once all of them are ranked; undefined until then. */
export async function joinTogether(
  run: Run,
  shards: readonly RankShard[],
): Promise<Record<string, ModelFigures> | undefined> {
  if ((await missingOf(run, shards)).length > 0) return undefined;
  const figures: Record<string, ModelFigures> = {};
  for (const model of new Set(shards.map((shard) => shard.model))) {
    figures[model] = await joinShards(
      run,
      shards.filter((shard) => shard.model === model),
    );
  }
  return figures;
}

async function rankOne({ ranker, models, shards, cases }: Ranked, run: Run, index: number) {
  const shard = shards[index]!;
  await rankShard(run, ranker, shard, { weights: models[shard.model]!, cases });
  run.reporter.say(`${shard.model}: ranked shard ${shard.index + 1} of ${shard.count}`);
}

async function rankByQueue(
  ranked: Ranked,
  connection: string,
  retryFailed: boolean,
): Promise<void> {
  const { run, shards } = ranked;
  const queue: ShardQueue = { connection, name: nameOf(run, shards) };
  const report = await completeShards(
    queue,
    async (index, { assertOwned }) => {
      if (await isRanked(run, shards[index]!)) return;
      await rankOne(ranked, { ...run, ...ownedBy(run, assertOwned) }, index);
    },
    {
      shardCount: shards.length,
      retryFailed,
      missing: () => missingOf(run, shards),
      onSentAgain: (count) =>
        run.reporter.say(`the queue has lost ${count} shards; they are sent again`),
      signal: run.signal,
      onFailed: (index, { message }, attemptsLeft) =>
        run.reporter.say(`shard ${index + 1}: ${message} (${attemptsLeft} attempts left)`),
    },
  );
  run.signal.throwIfAborted();
  if (report.missing.length === 0) return;
  const describe = (index: number) => `shard ${index + 1}`;
  throw queueIncomplete(queue, report, { units: 'shards', describe, otherwise: 'evaluate' });
}

/** Equal on every machine, and another one for other weights. */
function nameOf({ id }: Run, shards: readonly RankShard[]): string {
  return `rodpo-evaluate-${sha256Of(JSON.stringify([id, shards])).slice(0, 12)}`;
}

async function missingOf(run: Run, shards: readonly RankShard[]): Promise<number[]> {
  const done = await Promise.all(shards.map((shard) => isRanked(run, shard)));
  return [...shards.keys()].filter((index) => !done[index]);
}
