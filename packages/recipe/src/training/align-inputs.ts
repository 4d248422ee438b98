import { packExcluded } from '../batches/pack-excluded.ts';
import type { TrainingBatch } from '../batches/training-set.ts';
import { type AlignSettings, candidatesOf, hostNegatives } from '../steps/align-settings.ts';
import { excludedCount, isReferenceKept } from '../steps/align-step.ts';
import { type CandidateUse, candidateNames } from '../steps/candidate-settings.ts';
import { packReference, type Reference } from '../workspace/reference.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { alignmentBySize } from './by-size.ts';
import { type CandidateDrawer, candidateDrawer } from './draw-candidates.ts';
import type { Inputs } from './train.ts';

/**
 * What an alignment step reads beside the batch: what the reference says, candidates, and what must not be
 * drawn. Negatives of a sampler are not among it.
 *
 * @param reference what the frozen model says; nothing where the step asks it itself
 */
export function alignInputs(
  asked: AlignSettings,
  workspace: Pick<Workspace, 'set' | 'layout' | 'encoder' | 'itemRows'>,
  reference: Reference | undefined,
): CandidateDrawer {
  const settings = alignmentBySize(asked, workspace);
  const { set, layout, encoder } = workspace;
  const drawers = Object.entries(candidatesOf(settings)).map(([use, own]) =>
    candidateDrawer(set, layout, use as CandidateUse, own),
  );
  const isCompared = settings.loss !== 'none';
  const isDrawnInStep = isCompared && !hostNegatives(settings.negatives);
  const width = excludedCount(layout, settings);
  return (batch, place) => {
    const drawn: Inputs = Object.assign({}, ...drawers.map((inputs) => inputs(batch, place)));
    const candidates = drawn[candidateNames('pool').items] as Int32Array | undefined;
    return {
      ...drawn,
      ...(reference && isReferenceKept(settings)
        ? { reference: packReference(batch, set, reference, encoder.width) }
        : {}),
      ...(isDrawnInStep ? { excluded: excludedOf(batch, set, width, candidates) } : {}),
    };
  };
}

/** What must not be drawn: items, or their places among the candidates that are drawn from. */
function excludedOf(
  batch: TrainingBatch,
  set: Workspace['set'],
  width: number,
  candidates: Int32Array | undefined,
): Int32Array {
  const items = packExcluded(batch, set, width);
  if (!candidates) return items;
  const places = new Map(Array.from(candidates, (item, place) => [item, place]));
  return items.map((item) => places.get(item) ?? candidates.length);
}
