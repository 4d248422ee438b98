import type { BundleItem } from '@rodpo/serving/web';
import { useMemo, useState } from 'preact/hooks';
import { ItemView, titleOf } from './item-view.tsx';
import { optionId, VirtualList } from './virtual-list.tsx';

interface SearchProps {
  readonly items: readonly BundleItem[];
  readonly onChoose: (id: string) => void;
}

const list = 'found';

/** All items, or those whose title or id has every word that was typed. */
export function Search({ items, onChoose }: SearchProps) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const texts = useMemo(
    () => items.map((item) => `${titleOf(item)}\n${item.id}`.toLowerCase()),
    [items],
  );
  const found = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return items.filter((_, at) => words.every((word) => texts[at]!.includes(word)));
  }, [items, texts, text]);
  const onKeyDown = (event: KeyboardEvent) => {
    const place = placeAfter(event.key, active, found.length);
    if (place !== undefined) {
      event.preventDefault();
      setActive(place);
    } else if (event.key === 'Enter' && found[active]) {
      event.preventDefault();
      onChoose(found[active].id);
    }
  };
  return (
    <section aria-labelledby="search-heading">
      <h2 id="search-heading">Products</h2>
      <label for="search">Search by title or id; the arrow keys move, Enter chooses</label>
      <input
        id="search"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-autocomplete="list"
        aria-expanded="true"
        aria-controls={list}
        {...(found.length > 0 ? { 'aria-activedescendant': optionId(list, active) } : {})}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <p role="status" class="count">
        {found.length} of {items.length} products
      </p>
      <VirtualList
        id={list}
        label="Products"
        rows={found}
        active={active}
        view={(item) => <ItemView item={item} />}
        onChoose={({ id }) => onChoose(id)}
      />
    </section>
  );
}

const page = 7;

/** Where a key leads from a place; undefined if it is none that moves. */
function placeAfter(key: string, place: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page },
  };
  const step = steps[key];
  if (step === undefined || count === 0) return undefined;
  return Math.min(Math.max(place + step, 0), count - 1);
}
