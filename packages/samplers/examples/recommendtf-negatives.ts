import { excludeHistory, popularity, type UniformRandom } from '@rodpo/samplers';
import { type Interaction, Recommendation, type RecommendationOptions } from 'recommendtf';

/** What users chose, as item numbers below `itemCount`: one list per user. */
export interface Choices {
  readonly histories: readonly (readonly number[])[];
  readonly itemCount: number;
}

export interface NegativeOptions {
  /** How many items that the user did not choose go with each one chosen. */
  readonly count: number;
  readonly random: UniformRandom;
}

/**
 * Ratings for a model that knows nothing but ratings: 1 for what a user chose, and 0 for popular
 * items that the same user passed by. Of choices alone, a model that says 1 everywhere is right.
 */
export function implicitRatings(
  { histories, itemCount }: Choices,
  { count, random }: NegativeOptions,
): Interaction[] {
  const counts = new Float64Array(itemCount);
  for (const item of histories.flat()) counts[item]! += 1;
  // One row per chosen item; its user's whole history is left out of the draw.
  const rows = histories.flatMap((history, user) =>
    history.map((item) => ({ user, item, history })),
  );
  const excluded = excludeHistory(rows.map(({ history }) => history));
  const { items } = popularity({ counts }).sample(
    { rowCount: rows.length, excluded },
    count,
    random,
  );

  return rows.flatMap(({ user, item }, row) => [
    { user, entity: item, rating: 1 },
    ...Array.from(items.subarray(row * count, (row + 1) * count), (entity) => ({
      user,
      entity,
      rating: 0,
    })),
  ]);
}

/** A matrix factorisation of these choices; its `getEntities(user, count)` ranks items. */
export async function fitImplicit(
  choices: Choices,
  negatives: NegativeOptions,
  options: RecommendationOptions = {},
): Promise<Recommendation> {
  const recommender = new Recommendation({ disableIsNode: true, ...options });
  await recommender.fit(implicitRatings(choices, negatives));
  return recommender;
}
