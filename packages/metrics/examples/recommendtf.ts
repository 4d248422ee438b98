// Evaluates somebody else's recommender, the npm package `recommendtf`, by the lists it returns.
// From Node 22.18 on: node --conditions=@rodpo/source examples/recommendtf.ts
import { fileURLToPath } from 'node:url';
import { rankMetrics, ranksInList } from '@rodpo/metrics';
import { gaussianRandom, permutation, seededRandom } from '@rodpo/random';
import { enableProdMode } from '@tensorflow/tfjs';
import { Recommendation } from 'recommendtf';

const [userCount, itemCount, ratedCount, cutoff] = [24, 24, 14, 3];

/** The recommender's figures, and the precision that lists in random order have on average. */
export async function evaluateRecommendtf(): Promise<{
  figures: Record<string, number>;
  chance: number;
}> {
  enableProdMode(); // tfjs greets on the console otherwise
  const users = [...Array(userCount).keys()];
  const items = [...Array(itemCount).keys()];
  const random = seededRandom(11);
  const likes = (user: number, item: number) => user % 2 === item % 2; // two tastes
  const rated = users.map(() => new Set(permutation(itemCount, random).subarray(0, ratedCount)));
  const unrated = users.map((user) => items.filter((item) => !rated[user]!.has(item)));
  const liked = users.map((user) => unrated[user]!.filter((item) => likes(user, item)));

  const recommender = await seededRecommender(users, items, gaussianRandom(random));
  await recommender.fit(
    users.flatMap((user) =>
      [...rated[user]!].map((entity) => ({ user, entity, rating: Number(likes(user, entity)) })),
    ),
  );

  const lists = await Promise.all(users.map((user) => recommender.getEntities(user, itemCount)));
  const cases = users.map((user) => {
    const news = lists[user]!.filter((item) => !rated[user]!.has(Number(item)));
    return ranksInList(news, liked[user]!);
  });
  const shares = users.map((user) => liked[user]!.length / unrated[user]!.length);
  return {
    figures: rankMetrics(cases, [cutoff], ['hit', 'precision', 'ndcg', 'map']),
    chance: shares.reduce((sum, share) => sum + share) / userCount,
  };
}

/** `new Recommendation(…)` starts from vectors that nobody can seed; a saved model brings its own. */
function seededRecommender(
  users: number[],
  items: number[],
  normal: () => number,
): Promise<Recommendation> {
  const config = { epoch: 8, embeddingSize: 4, learningRate: 0.1, batchSize: 1000 };
  const vectors = (ids: number[]) =>
    ids.map(() => Array.from({ length: config.embeddingSize }, () => 0.5 * normal()));
  const own = (ids: number[]) => ids.map((id): [number, number] => [id, id]);
  return Recommendation.from({
    config,
    version: '1.0.0',
    initialized: true,
    userEmbeddings: vectors(users),
    entityEmbeddings: vectors(items),
    userMap: own(users),
    entityMap: own(items),
    reverseUserMap: users,
    reverseEntityMap: items,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await evaluateRecommendtf());
