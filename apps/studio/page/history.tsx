import type { BundleItem } from '@rodpo/serving/web';
import { ItemView, titleOf } from './item-view.tsx';

interface HistoryProps {
  /** Oldest first. */
  readonly items: readonly BundleItem[];
  readonly onRemove: (place: number) => void;
  readonly onClear: () => void;
}

/** What was chosen so far. */
export function History({ items, onRemove, onClear }: HistoryProps) {
  return (
    <section aria-labelledby="history-heading">
      <h2 id="history-heading">History</h2>
      {items.length === 0 && <p>Nothing was chosen yet: the answers go by popularity.</p>}
      <ol class="history" aria-label="Chosen products, oldest first">
        {items.map((item, place) => (
          <li key={place}>
            <ItemView item={item} />
            <button
              type="button"
              aria-label={`Remove ${titleOf(item)}`}
              onClick={() => onRemove(place)}
            >
              ✕
            </button>
          </li>
        ))}
      </ol>
      {items.length > 0 && (
        <button type="button" onClick={onClear}>
          Begin again
        </button>
      )}
    </section>
  );
}
