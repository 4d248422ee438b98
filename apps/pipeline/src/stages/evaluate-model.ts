import { FileDamagedError, type NamedArray } from '@rodpo/files';
import type { BothRanks, EvaluationRanker, Weights } from '@rodpo/recipe';
import { reportedCutoffs } from '../config/reported-cutoffs.ts';
import { bothMetrics, maskedPrefix } from '../ranking/both-metrics.ts';
import type { Label } from '../run/label.ts';
import { loadTensors, saveTensors } from '../run/labelled-tensors.ts';
import { peakMemoryBytes } from '../run/peak-memory.ts';
import type { Run } from '../run/run.ts';
import { readResult, writeResult } from '../run/saved-result.ts';

/** Means of ranking metrics, such as `ndcg@5` among all items and `masked ndcg@5`. */
export interface ModelFigures {
  readonly test: Readonly<Record<string, number>>;
  readonly validation: Readonly<Record<string, number>>;
  /** Time to rank every user of the test part once. */
  readonly rankSeconds: number;
  /** Of the process that ranked, from its start. */
  readonly peakMemoryBytes: number;
}

/** Rank of the held-out item of every user that has one, in the order of the users. */
export interface ModelRanks {
  readonly test: BothRanks;
  readonly validation: BothRanks;
}

/** File of a model's figures. Its presence means that the ranks are there as well. */
export const figuresFile = (run: Pick<Run, 'file'>, name: string): string =>
  run.file('results', `${name}.json`);

const ranksFile = (run: Pick<Run, 'file'>, name: string): string =>
  run.file('results', `${name}.safetensors`);

/** Ranks every user's held-out items among the whole catalogue, and saves ranks and figures. */
export async function evaluateModel(
  run: Run,
  ranker: EvaluationRanker,
  name: string,
  weights: Weights,
): Promise<ModelFigures> {
  // Validation first: the first run of a program is slower, and the test part is timed.
  const validation = await ranker.validation.bothRanks(weights);
  const started = performance.now();
  const test = await ranker.test.bothRanks(weights);
  const rankSeconds = (performance.now() - started) / 1000;
  const cost = { rankSeconds, peakMemoryBytes: peakMemoryBytes() };
  return saveRanks(run, name, { test, validation }, cost);
}

/** Saves ranks, and figures that they come to. */
export async function saveRanks(
  run: Run,
  name: string,
  ranks: ModelRanks,
  cost: Pick<ModelFigures, 'rankSeconds' | 'peakMemoryBytes'>,
): Promise<ModelFigures> {
  const cutoffs = reportedCutoffs(run.config);
  const figures = {
    test: bothMetrics(ranks.test, cutoffs),
    validation: bothMetrics(ranks.validation, cutoffs),
    ...cost,
  };
  const ranked = { tensors: tensorsOf(ranks), metadata: {} };
  await saveTensors(run, ranksFile(run, name), ranksLabel(run, name), ranked);
  await writeResult(run, figuresFile(run, name), name, figures);
  return figures;
}

/** The figures that `evaluateModel` saved. @throws {FileDamagedError} */
export function savedFigures(run: Run, name: string): Promise<ModelFigures> {
  return readResult<ModelFigures>(run, figuresFile(run, name), name);
}

/** The ranks that `evaluateModel` saved. @throws {FileDamagedError} */
export async function savedRanks(run: Run, name: string): Promise<ModelRanks> {
  const saved = await loadTensors(ranksFile(run, name), ranksLabel(run, name));
  if (!saved) {
    throw new FileDamagedError(ranksFile(run, name), {
      problem: 'it is gone, and the figures beside it say that it was there',
      advice: `Delete ${figuresFile(run, name)} too, and give the same command again.`,
    });
  }
  return ranksIn(saved.tensors);
}

/** Ranks as they are saved: `test`, `masked test` and so on. */
export function tensorsOf({ test, validation }: ModelRanks): Record<string, NamedArray> {
  return { ...rankTensors('test', test), ...rankTensors('validation', validation) };
}

/** What `tensorsOf` made tensors of. */
export function ranksIn(tensors: Readonly<Record<string, NamedArray>>): ModelRanks {
  const data = (name: string) => tensors[name]!.data as Float32Array;
  const ranks = (part: string): BothRanks => ({
    all: data(part),
    masked: data(maskedPrefix + part),
  });
  return { test: ranks('test'), validation: ranks('validation') };
}

function rankTensors(part: string, { all, masked }: BothRanks): Record<string, NamedArray> {
  const shape = [all.length];
  return { [part]: { shape, data: all }, [maskedPrefix + part]: { shape, data: masked } };
}

function ranksLabel({ identity }: Run, name: string): Label {
  return { holds: 'ranks', of: name, run: identity.run };
}
