import type { AnswerItem } from '@rodpo/serving/web';
import { type Chosen, historyOf } from './chosen.ts';
import type { OpenModel } from './open-site.ts';

/** One item of a model's answer. */
export interface Ranked extends AnswerItem {
  /** Its place in the answer of the first model, from 1; undefined of that model, and beyond its answer. */
  readonly before: number | undefined;
}

export interface ModelAnswer {
  readonly model: string;
  readonly source: 'model' | 'popularity';
  /** Best first. */
  readonly items: readonly Ranked[];
}

/** How many are shown. */
const shownCount = 20;
/** How far down an item's place in the first model's answer is looked for. */
export const comparedCount = 1000;

/** What every model answers to one history, each with the places of the first. */
export async function askModels(
  models: readonly OpenModel[],
  history: readonly Chosen[],
): Promise<ModelAnswer[]> {
  const answers: ModelAnswer[] = [];
  let before: ReadonlyMap<string, number> = new Map();
  for (const [at, { name, recommender }] of models.entries()) {
    const { itemCount } = recommender.manifest;
    const { items, source } = await recommender.recommend({
      ...historyOf(recommender, history),
      count: Math.min(itemCount, at === 0 ? comparedCount : shownCount),
    });
    if (at === 0) before = new Map(items.map(({ id }, place) => [id, place + 1]));
    const shown = items.slice(0, shownCount);
    const ranked = shown.map((item) => ({
      ...item,
      before: at === 0 ? undefined : before.get(item.id),
    }));
    answers.push({ model: name, source, items: ranked });
  }
  return answers;
}
