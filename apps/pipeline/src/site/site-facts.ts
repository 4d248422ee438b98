import { timings } from '@rodpo/recipe';
import type { SiteCurve, SitePool, SiteUser } from '@rodpo/studio';
import { baseline } from '../config/config-problems.ts';
import type { Dataset } from '../data/dataset.ts';
import { splitOf } from '../data/split-of.ts';
import type { Run } from '../run/run.ts';
import { stageOf } from '../stages/align.ts';

/** What was logged of the training of some models, figure by figure; times and what is no number left out. */
export async function curvesOf(run: Run, models: readonly string[]): Promise<SiteCurve[]> {
  const curves: SiteCurve[] = [];
  for (const model of models) {
    const points = new Map<string, [number, number][]>();
    for (const { epoch, stage: _, ...figures } of await run.logged(stageOf(model))) {
      for (const [figure, value] of Object.entries(figures)) {
        if (timings.includes(figure) || !Number.isFinite(value)) continue;
        const own = points.get(figure) ?? [];
        points.set(figure, own);
        own.push([epoch, value as number]);
      }
    }
    for (const [figure, own] of points) curves.push({ model, figure, points: own });
  }
  return curves;
}

/** Items up to which all that somebody would like is listed: beyond, the page would be mostly that. */
const mostJudged = 20_000;

/**
 * The pool that a strategy of the run's config draws from; nothing if it draws elsewhere, or from candidates of a batch
 * that are gone.
 */
export function poolOf({ config: { align } }: Run, strategy: string): SitePool | undefined {
  const own = align.strategies.find(({ name }) => name === strategy);
  if (own?.negatives.from !== 'pool' || own.negatives.among) return undefined;
  const { size, scoredBy } = own.negatives;
  return {
    model: scoredBy === 'policy' ? strategy : baseline,
    size,
    exclude: own.exclude ?? align.exclude,
  };
}

/** Users at even distances, with their histories before the last of their held-out items. */
export function usersOf(run: Run, dataset: Dataset, count: number): SiteUser[] {
  const { itemIds, userIds, times, tastes } = dataset;
  const likedBy = (user: number) => itemIds.filter((_, item) => tastes!.likes(user, item));
  const split = splitOf(dataset, run.config.split);
  const last = new Map(Array.from(split.test, (held) => [held.user, held]));
  const step = Math.max(1, Math.ceil(last.size / count));
  return [...last.values()]
    .filter((_, at) => at % step === 0)
    .map(({ user, history, target }) => ({
      id: userIds[user]!,
      history: Array.from(history, (item) => itemIds[item]!),
      learned: Math.min(split.train.at(user)!.length, history.length),
      ...(times ? { times: [...times.at(user)!].slice(0, history.length) } : {}),
      next: itemIds[target]!,
      ...(tastes && itemIds.length <= mostJudged ? { liked: likedBy(user) } : {}),
    }));
}
