import { access } from 'node:fs/promises';
import { hasTensors } from '@rodpo/files';
import { bestFile } from '../run/checkpoints.ts';
import type { Run } from '../run/run.ts';
import { figuresFile } from '../stages/evaluate-model.ts';
import type { ComparisonFolder } from './comparison-folder.ts';
import { trialFile } from './trials.ts';
import type { Unit } from './units.ts';

/** Whether a unit has left all that later phases and the report read. */
export async function isDone(comparison: ComparisonFolder, unit: Unit): Promise<boolean> {
  const run = await runOfUnit(comparison, unit);
  const present = await Promise.all(resultsOf(run, unit).map(exists));
  const isKept = unit.phase !== 'pretrain' || (await hasTensors(bestFile(run, 'pretrain')));
  return isKept && present.every(Boolean);
}

/** The run whose folder a unit works in. Data have no seed. */
export function runOfUnit({ runOf }: ComparisonFolder, unit: Unit): Promise<Run> {
  return runOf(unit.encoder, unit.seed);
}

/** Files that are there when a unit is done, beside weights: the last that it writes. */
function resultsOf(run: Run, unit: Unit): string[] {
  const modalities = (['image', 'text'] as const).filter((each) => run.config.features[each]);
  switch (unit.phase) {
    case 'prepare':
      return [
        run.file('data', 'ids.json'),
        ...modalities.map((modality) => run.file('features', modality, 'manifest.json')),
      ];
    case 'pretrain':
      return [figuresFile(run, 'pretrained')];
    case 'trials':
      return [trialFile(run, unit)];
    case 'align':
      return [figuresFile(run, unit.strategy)];
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
