import type { AnswerItem, Recommender } from '@rodpo/serving/web';
import type { SitePool, SiteUser } from '../src/site.ts';
import { type Chosen, historyOf } from './chosen.ts';
import { ItemView } from './item-view.tsx';
import { useLatest } from './use-latest.ts';

interface PoolProps {
  readonly pool: SitePool;
  readonly recommender: Recommender;
  readonly user: SiteUser;
  readonly history: readonly Chosen[];
}

/** What alignment would draw the rejected item from at the user's held-out choice, by the trained model. */
export function Pool({ pool, recommender, user, history }: PoolProps) {
  const ask = async (): Promise<readonly AnswerItem[]> => {
    const { items: best } = await recommender.recommend({
      ...historyOf(recommender, history),
      count: pool.size,
      repeats: pool.exclude === 'chosen',
      exclude: [user.next],
    });
    return best;
  };
  const { value: items, failure } = useLatest(ask, [pool, recommender, user, history], []);
  const liked = user.liked && new Set(user.liked);
  const falseCount = items.filter(({ id }) => liked?.has(id)).length;
  return (
    <section aria-labelledby="pool-heading">
      <h2 id="pool-heading">Pool of negatives</h2>
      {failure !== undefined && <p role="alert">{failure}</p>}
      <p>
        The {items.length} items that {pool.model} scores best here, without what {user.id} chose
        next
        {pool.exclude === 'history' && ' and the history'}: each is as likely to be drawn as a
        rejected item.{' '}
        {liked
          ? `${falseCount} of ${items.length} are false negatives: ${user.id} would like them, as the simulation knows.`
          : 'Which of them are false is not known of real data.'}
      </p>
      <ol class="pool" aria-label="Pool">
        {items.map((item) => (
          <li key={item.id}>
            <ItemView item={item} />
            {liked?.has(item.id) && <span class="down">false negative</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
