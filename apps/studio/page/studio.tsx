import type { BundleItem } from '@rodpo/serving/web';
import { useCallback, useState } from 'preact/hooks';
import { Answers } from './answers.tsx';
import { History } from './history.tsx';
import type { OpenSite } from './open-site.ts';
import { Search } from './search.tsx';

/** A history on the left, and what the models answer to it on the right. */
export function Studio({ opened: { models } }: { readonly opened: OpenSite }) {
  const [history, setHistory] = useState<readonly string[]>([]);
  const { items } = models[0]!.recommender;
  const itemOf = (id: string): BundleItem => models[0]!.recommender.item(id) ?? { id };
  const add = useCallback((id: string) => setHistory((known) => [...known, id]), []);
  const removeAt = (place: number) => setHistory(history.filter((_, at) => at !== place));
  return (
    <div class="columns">
      <div>
        <Search items={items} onChoose={add} />
        <History items={history.map(itemOf)} onRemove={removeAt} onClear={() => setHistory([])} />
      </div>
      <Answers models={models} history={history} onChoose={add} />
    </div>
  );
}
