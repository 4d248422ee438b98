import { rankMetrics } from '@rodpo/metrics';
import type { HeldOut } from '../workspace/ranker.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Where a model ranks what users chose. */
export interface Ranking {
  /** Rank of each held-out item, from 1, in the order of the split's cases. */
  readonly ranks: Float32Array;
  /** Means at the workspace's cutoffs, such as `ndcg@10`. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Ranks every held-out item among the whole catalogue; ties count against it.
 *
 * @throws {RangeError} (marked as actionable) if a score is not a number
 */
export async function rank(
  workspace: Workspace,
  weights: Weights,
  part: HeldOut,
): Promise<Ranking> {
  const ranker = await workspace.evaluation(weights);
  const ranks = await ranker[part].ranks(weights);
  return { ranks, metrics: rankMetrics(ranks, workspace.cutoffs) };
}
