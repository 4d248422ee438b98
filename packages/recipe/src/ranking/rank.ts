import { rankMetrics } from '@rodpo/metrics';
import type { CaseRange } from '../workspace/case-range.ts';
import type { BothRanks, HeldOut } from '../workspace/ranker.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Where a model ranks what users chose, one way. */
export interface RankingFigures {
  /** Rank of each held-out item, from 1, in the order of the split's cases. */
  readonly ranks: Float32Array;
  /** Means at the workspace's cutoffs, such as `ndcg@10`. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Where a model ranks what users chose, as the workspace selects, and both ways. */
export interface Ranking extends RankingFigures {
  /** The whole catalogue in the ranking: the usual protocol of papers, and RecBole's. */
  readonly all: RankingFigures;
  /** The user's history left out, but for the target: what a shop would show. */
  readonly masked: RankingFigures;
}

export interface RankOptions {
  /**
   * Some of the part's cases, so that processes may share them out: ranks of neighbouring ranges, one behind
   * another, are those of all. Default: all.
   */
  readonly cases?: CaseRange;
}

/**
 * Ranks every held-out item among the whole catalogue; ties count against it. One reading of the users gives
 * both ways.
 *
 * @throws {RangeError} (marked as actionable) if a score is not a number, or `cases` reaches beyond the part
 */
export async function rank(
  workspace: Workspace,
  weights: Weights,
  part: HeldOut,
  { cases }: RankOptions = {},
): Promise<Ranking> {
  const ranker = await workspace.evaluation(weights);
  const ranks = await ranker[part].bothRanks(weights, cases);
  const figures = (way: keyof BothRanks): RankingFigures => ({
    ranks: ranks[way],
    metrics: rankMetrics(ranks[way], workspace.cutoffs),
  });
  const both = { all: figures('all'), masked: figures('masked') };
  return { ...both[workspace.maskHistory ? 'masked' : 'all'], ...both };
}
