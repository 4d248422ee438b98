import { createHash } from 'node:crypto';
import type { CaseRange, EvaluationRanker, Weights } from '@rodpo/recipe';
import type { Label } from '../run/label.ts';
import { loadTensors, loadTexts, saveTensors } from '../run/labelled-tensors.ts';
import { peakMemoryBytes } from '../run/peak-memory.ts';
import type { Run } from '../run/run.ts';
import {
  type ModelFigures,
  type ModelRanks,
  ranksIn,
  saveRanks,
  tensorsOf,
} from './evaluate-model.ts';

/** Cases of the test part that a shard ranks at most. */
const mostCases = 10_000;

/** One model's ranking of some users. */
export interface RankShard {
  readonly model: string;
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** Told by the model's weights: a shard of others of the same name is none of this model. */
  readonly weights: string;
}

/** Cases of each part. */
export type CaseCounts = Readonly<Record<'validation' | 'test', number>>;

/**
 * All that there is to rank, model by model.
 *
 * @param atMost cases of a part in a shard
 */
export function rankShards(
  models: Readonly<Record<string, Weights>>,
  { validation, test }: CaseCounts,
  atMost: number = mostCases,
): RankShard[] {
  const count = Math.max(1, Math.ceil(Math.max(validation, test) / atMost));
  return Object.entries(models).flatMap(([model, own]) => {
    const weights = digestOf(own);
    return Array.from({ length: count }, (_, index) => ({ model, index, count, weights }));
  });
}

/** Ranks the users of a shard, and saves their ranks. */
export async function rankShard(
  run: Run,
  ranker: EvaluationRanker,
  shard: RankShard,
  { weights, cases }: { readonly weights: Weights; readonly cases: CaseCounts },
): Promise<void> {
  const validation = await ranker.validation.bothRanks(weights, rangeOf(shard, cases.validation));
  const started = performance.now();
  const test = await ranker.test.bothRanks(weights, rangeOf(shard, cases.test));
  const seconds = (performance.now() - started) / 1000;
  await saveTensors(run, fileOf(run, shard), labelOf(run, shard), {
    tensors: tensorsOf({ test, validation }),
    metadata: {
      weights: shard.weights,
      seconds: `${seconds}`,
      peakMemoryBytes: `${peakMemoryBytes()}`,
    },
  });
}

/** Whether the shard was ranked with these weights. @throws {FileDamagedError} if its file is damaged */
export async function isRanked(run: Run, shard: RankShard): Promise<boolean> {
  const texts = await loadTexts(fileOf(run, shard), labelOf(run, shard));
  return texts?.weights === shard.weights;
}

/** Puts the shards of a model together, all of which were ranked. */
export async function joinShards(run: Run, shards: readonly RankShard[]): Promise<ModelFigures> {
  const parts: ModelRanks[] = [];
  const cost = { rankSeconds: 0, peakMemoryBytes: 0 };
  for (const shard of shards) {
    const { tensors, metadata } = (await loadTensors(fileOf(run, shard), labelOf(run, shard)))!;
    parts.push(ranksIn(tensors));
    cost.rankSeconds += Number(metadata.seconds);
    cost.peakMemoryBytes = Math.max(cost.peakMemoryBytes, Number(metadata.peakMemoryBytes));
  }
  const joined = (part: keyof ModelRanks) => ({
    all: joinedOf(parts.map((ranks) => ranks[part].all)),
    masked: joinedOf(parts.map((ranks) => ranks[part].masked)),
  });
  const ranks = { test: joined('test'), validation: joined('validation') };
  return saveRanks(run, shards[0]!.model, ranks, cost);
}

function joinedOf(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    joined.set(part, place);
    place += part.length;
  }
  return joined;
}

/** Shards differ by a case at most. */
function rangeOf({ index, count }: RankShard, cases: number): CaseRange {
  const start = (shard: number) => Math.floor((shard * cases) / count);
  return { from: start(index), to: start(index + 1) };
}

function fileOf({ file }: Pick<Run, 'file'>, { model, index, count }: RankShard): string {
  return file('results', `${model}.${index + 1}-of-${count}.safetensors`);
}

function labelOf({ identity }: Pick<Run, 'identity'>, { model }: RankShard): Label {
  return { holds: 'ranks of some users', of: model, run: identity.run };
}

function digestOf(weights: Weights): string {
  const hash = createHash('sha256');
  for (const [name, { shape, data }] of Object.entries(weights)) {
    hash.update(JSON.stringify([name, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
