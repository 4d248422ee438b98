import type { BundleItem } from '@rodpo/serving/web';
import { useCallback, useState } from 'preact/hooks';
import type { SiteUser } from '../src/site.ts';
import { Answers } from './answers.tsx';
import { type Chosen, chosenBy } from './chosen.ts';
import { Curves } from './curves.tsx';
import { History } from './history.tsx';
import type { OpenSite } from './open-site.ts';
import { Pool } from './pool.tsx';
import { Search } from './search.tsx';
import { Users } from './users.tsx';

/** A history on the left, what the models answer to it on the right, and how they were trained below. */
export function Studio({ opened: { models, site } }: { readonly opened: OpenSite }) {
  const [history, setHistory] = useState<readonly Chosen[]>([]);
  const [user, setUser] = useState<SiteUser>();
  const { items } = models[0]!.recommender;
  const itemOf = ({ id }: Chosen): BundleItem => models[0]!.recommender.item(id) ?? { id };
  const begin = (picked?: SiteUser) => {
    setHistory(picked ? chosenBy(picked) : []);
    setUser(picked);
  };
  const { pool } = site;
  const scorer = models.find(({ name }) => name === pool?.model);
  const add = useCallback((id: string) => setHistory((known) => [...known, { id }]), []);
  const removeAt = (place: number) => setHistory(history.filter((_, at) => at !== place));
  return (
    <>
      <div class="columns">
        <div>
          {site.users && <Users users={site.users} onPick={begin} />}
          <Search items={items} onChoose={add} />
          <History items={history.map(itemOf)} onRemove={removeAt} onClear={() => begin()} />
        </div>
        <Answers models={models} history={history} next={user?.next} onChoose={add} />
      </div>
      {pool && scorer && user && (
        <Pool
          key={user.id}
          pool={pool}
          recommender={scorer.recommender}
          user={user}
          history={history}
        />
      )}
      {site.curves && site.curves.length > 0 && <Curves curves={site.curves} />}
    </>
  );
}
