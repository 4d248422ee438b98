import { FileDamagedError } from '@rodpo/files';
import { rankMetrics } from '@rodpo/metrics';
import type { EvaluationRanker, Weights } from '@rodpo/recipe';
import { reportedCutoffs } from '../config/reported-cutoffs.ts';
import type { Label } from '../run/label.ts';
import { loadTensors, saveTensors } from '../run/labelled-tensors.ts';
import { peakMemoryBytes } from '../run/peak-memory.ts';
import type { Run } from '../run/run.ts';
import { readResult, writeResult } from '../run/saved-result.ts';

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
  readonly test: Float32Array;
  readonly validation: Float32Array;
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
  const validation = await ranker.validation.ranks(weights);
  const started = performance.now();
  const test = await ranker.test.ranks(weights);
  const rankSeconds = (performance.now() - started) / 1000;
  const cutoffs = reportedCutoffs(run.config);
  const figures = {
    test: rankMetrics(test, cutoffs),
    validation: rankMetrics(validation, cutoffs),
    rankSeconds,
    peakMemoryBytes: peakMemoryBytes(),
  };
  const tensors = {
    test: { shape: [test.length], data: test },
    validation: { shape: [validation.length], data: validation },
  };
  await saveTensors(run, ranksFile(run, name), ranksLabel(run, name), { tensors, metadata: {} });
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
  return {
    test: saved.tensors.test!.data as Float32Array,
    validation: saved.tensors.validation!.data as Float32Array,
  };
}

function ranksLabel({ identity }: Run, name: string): Label {
  return { holds: 'ranks', of: name, run: identity.run };
}
