import type { StepPlace } from '@rodpo/trainer';
import { packExcluded } from '../batches/pack-excluded.ts';
import type { TrainingBatch } from '../batches/training-set.ts';
import { type AlignSettings, candidatesOf, hostNegatives } from '../steps/align-settings.ts';
import { excludedCount, isReferenceKept } from '../steps/align-step.ts';
import {
  type CandidateSettings,
  type CandidateUse,
  candidateNames,
  type PoolCandidates,
} from '../steps/candidate-settings.ts';
import { packReference, type Reference } from '../workspace/reference.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { alignmentBySize } from './by-size.ts';
import { candidateDrawer } from './draw-candidates.ts';
import { indexOf } from './pool-index.ts';
import type { Inputs } from './train.ts';

/**
 * What a batch adds; what is drawn follows from the step's place.
 *
 * @param near what the index of `poolIndex` gives, where pools take their candidates from one
 */
export type AlignInputs = (
  batch: TrainingBatch,
  place: Pick<StepPlace, 'seed' | 'step'>,
  near?: Int32Array,
) => Inputs;

/**
 * What an alignment step reads beside the batch: what the reference says, candidates, and what must not be
 * drawn. Negatives of a sampler are not among it.
 *
 * @param reference what the frozen model says; nothing where the step asks it itself
 * @returns what throws a {RangeError} if pools take their candidates from an index, and there are none
 */
export function alignInputs(
  asked: AlignSettings,
  workspace: Pick<Workspace, 'set' | 'layout' | 'encoder' | 'itemRows'>,
  reference: Reference | undefined,
): AlignInputs {
  const settings = alignmentBySize(asked, workspace);
  const { set, layout, encoder } = workspace;
  const isNear = indexOf(settings) !== undefined;
  const drawers = Object.entries(candidatesOf(settings)).flatMap(([use, own]) =>
    isDrawn(own) ? [candidateDrawer(set, layout, use as CandidateUse, own)] : [],
  );
  const isCompared = settings.loss !== 'none';
  const isDrawnInStep = isCompared && !hostNegatives(settings.negatives);
  const width = excludedCount(layout, settings);
  const { items: poolItems } = candidateNames('pool');
  return (batch, place, near) => {
    if (isNear && !near) {
      throw new RangeError('Pools take their candidates from an index: give those of poolIndex');
    }
    const given: Inputs = isNear ? { [poolItems]: near! } : {};
    const drawn: Inputs = Object.assign(given, ...drawers.map((inputs) => inputs(batch, place)));
    const candidates = drawn[poolItems] as Int32Array | undefined;
    return {
      ...drawn,
      ...(reference && isReferenceKept(settings)
        ? { reference: packReference(batch, set, reference, encoder.width) }
        : {}),
      ...(isDrawnInStep ? { excluded: excludedOf(batch, set, width, candidates) } : {}),
    };
  };
}

function isDrawn(own: CandidateSettings | PoolCandidates): own is CandidateSettings {
  return own.distribution?.from !== 'index';
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
