import type { Sequences } from '../dataset/sequences.ts';
import { leaveNOut } from './leave-n-out.ts';
import type { SequenceSplit } from './sequence-split.ts';

/**
 * Splits every sequence in time: the last item tests, the one before validates,
 * the rest trains. Users with fewer than 3 interactions stay wholly in `train`
 * and are in neither list of cases.
 *
 * Every user has moments of their own, so a model learns what others did after the target was chosen:
 * what was popular then, and which items there were. Figures are better than in service, most where
 * tastes change fast. `splitByTime` has no such leak.
 *
 * Nothing is copied, but sequences that lie in many arrays: the parts are views.
 *
 * @see Ji et al., "A Critical Study on Data Leakage in Recommender System Offline Evaluation", ACM TOIS
 * 2023, https://arxiv.org/abs/2010.11060, for the leak
 */
export function leaveOneOut(sequences: Sequences): SequenceSplit {
  return leaveNOut(sequences, 1);
}
