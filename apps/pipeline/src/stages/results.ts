import { readSafetensors } from '@rodpo/files';
import { type Dataset, loadDataset } from '../data/dataset.ts';
import type { Run } from '../run/run.ts';
import { alignStage } from './align.ts';
import { bestFile, type Weights } from './train.ts';

/** A stage was called before the one whose results it needs. */
export class MissingStageError extends Error {
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
    const stage = name === 'pretrained' ? 'pretrain' : alignStage({ name });
    const saved = await readSafetensors(bestFile(run, stage)).catch((error) => {
      if (error.code !== 'ENOENT') throw error;
      throw new MissingStageError(run, name === 'pretrained' ? 'pretrain' : 'align');
    });
    models[name] = saved.tensors;
  }
  return models;
}
