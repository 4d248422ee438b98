import { ActionableError } from '@rodpo/errors';
import type { Weights } from '@rodpo/recipe';
import { type Dataset, loadDataset } from '../data/dataset.ts';
import { loadBest } from '../run/checkpoints.ts';
import type { Run } from '../run/run.ts';
import { stageOf } from './align.ts';

/** A stage was called before the one whose results it needs. */
class MissingStageError extends ActionableError {
  override readonly name = 'MissingStageError';

  constructor(run: Run, command: string) {
    super(`${run.file()} has no results of 'rodpo ${command}'. Run that first, or 'rodpo run'.`);
  }
}

/** What `prepare` left in the run folder. @throws {MissingStageError} */
export async function preparedDataset(run: Run): Promise<Dataset> {
  const dataset = await loadDataset(run);
  if (!dataset) throw new MissingStageError(run, 'prepare');
  return dataset;
}

/** What `pretrain` and `align` left, by model name. @throws {MissingStageError} */
export async function trainedModels(
  run: Run,
  names: readonly string[],
): Promise<Record<string, Weights>> {
  const models: Record<string, Weights> = {};
  for (const name of names) {
    const stage = stageOf(name);
    const weights = await loadBest(run, stage);
    if (!weights) throw new MissingStageError(run, stage === 'pretrain' ? 'pretrain' : 'align');
    models[name] = weights;
  }
  return models;
}
