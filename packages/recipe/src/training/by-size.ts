import type { AlignSettings, NegativeSource } from '../steps/align-settings.ts';
import type { CandidateSettings } from '../steps/candidate-settings.ts';
import type { DecidedLoss, PretrainLoss } from '../steps/pretrain-loss.ts';
import { mostItemsInProgram, type Workspace } from '../workspace/workspace.ts';

/** Candidates of a batch, unless a setting says otherwise. */
export const candidateDefaults: CandidateSettings = { candidates: 4096 };

type Size = Pick<Workspace, 'itemRows' | 'set'>;

/** The loss that 'auto' stands for: a softmax, over all items as long as a step carries all of them. */
export function lossBySize(loss: PretrainLoss, { itemRows }: Pick<Size, 'itemRows'>): DecidedLoss {
  if (typeof loss === 'function' || loss.kind !== 'auto') return loss;
  return itemRows === 'host' ? { kind: 'sampled', ...candidateDefaults } : { kind: 'softmax' };
}

/** Settings as they are for a workspace: pools among candidates where a step sees a part of the items. */
export function alignmentBySize<Settings extends AlignSettings>(
  settings: Settings,
  size: Pick<Size, 'itemRows'>,
): Settings {
  const { crossEntropy = { kind: 'auto' }, negatives } = settings;
  return {
    ...settings,
    crossEntropy: lossBySize(crossEntropy, size),
    negatives: size.itemRows === 'host' ? amongCandidates(negatives) : negatives,
  };
}

function amongCandidates(source: NegativeSource): NegativeSource {
  if (typeof source === 'function' || source.from !== 'pool' || source.among) return source;
  return { ...source, among: candidateDefaults };
}

/** What 'auto' has decided, and why, in a sentence for a log. */
export function sizeNotice({ itemRows, set: { itemCount } }: Size): string {
  const [items, most] = [itemCount, mostItemsInProgram].map((count) => count.toLocaleString('en'));
  return itemRows === 'host'
    ? `${items} items: a step is given the rows it touches, and softmax and pools are among ` +
        `${candidateDefaults.candidates.toLocaleString('en')} candidates, as is the rule above ${most} items.`
    : `${items} items: a step carries all of them, and softmax and pools are over the whole catalogue, ` +
        `as is the rule up to ${most} items.`;
}
