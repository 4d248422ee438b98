import type { AnswerItem, Recommender } from '@rodpo/serving/web';
import { useState } from 'preact/hooks';
import type { SitePool, SiteUser } from '../src/site.ts';
import { type Chosen, historyOf } from './chosen.ts';
import { ItemView, titleOf } from './item-view.tsx';
import { choiceAt, firstPlace, placesOf, saidOf, sequenceOf } from './pool-choice.ts';
import { useLatest } from './use-latest.ts';

interface PoolProps {
  readonly pool: SitePool;
  readonly recommender: Recommender;
  readonly user: SiteUser;
  /** As it stands on the page: the user's own, changed or not. */
  readonly history: readonly Chosen[];
}

/** What alignment would draw the rejected item from at one of the user's choices, by the trained model. */
export function Pool({ pool, recommender, user, history }: PoolProps) {
  const [place, setPlace] = useState(firstPlace(user));
  const choice = choiceAt(place, { pool, user, history });
  const ask = async (): Promise<readonly AnswerItem[]> => {
    const { before, exclude, repeats } = choice;
    const request = { ...historyOf(recommender, before), count: pool.size, repeats, exclude };
    return (await recommender.recommend(request)).items;
  };
  const { value: items, failure } = useLatest(ask, [pool, recommender, user, history, place], []);
  const isFalse = ({ id }: AnswerItem) => choice.wanted.has(id);
  return (
    <section aria-labelledby="pool-heading">
      <h2 id="pool-heading">Pool of negatives</h2>
      {failure !== undefined && <p role="alert">{failure}</p>}
      <label for="place">At the choice of</label>
      <select
        id="place"
        value={place}
        onChange={(event) => setPlace(Number(event.currentTarget.value))}
      >
        {placesOf(user).map((at) => (
          <option key={at} value={at}>
            {at + 1}: {titleOf(recommender.item(sequenceOf(user)[at]!) ?? { id: 'not known' })}
            {at === user.history.length && ' (held out)'}
          </option>
        ))}
      </select>
      <p>
        The {items.length} items that {pool.model} scores best here, without what {user.id} chose
        {pool.exclude === 'history' && ', before or after, as far as the models know it'}: each is
        as likely to be drawn as a rejected item.{' '}
        {saidOf(user, place, `${items.filter(isFalse).length} of ${items.length}`)}
      </p>
      <ol class="pool" aria-label="Pool">
        {items.map((item) => (
          <li key={item.id}>
            <ItemView item={item} />
            {isFalse(item) && <span class="down">false negative</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
