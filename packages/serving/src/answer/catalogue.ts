import type { Bundle, BundleItem } from '../bundle/bundle.ts';
import type { ScoredItem } from '../scan/best-list.ts';
import type { ItemFilter } from './request.ts';

/** The items of a bundle by id, by index and by popularity. */
export interface Catalogue {
  readonly items: readonly BundleItem[];
  /** Items after the last, that nobody has chosen; their ids are not there yet. */
  append(items: readonly BundleItem[]): void;
  /** Undefined if the bundle has no such item. */
  indexOf(id: string): number | undefined;
  /** The best of those that are wanted by how often they were chosen; ties go to the lower index. */
  popular(count: number, isWanted: (item: number) => boolean): ScoredItem[];
  /** A filter as a question about an index. */
  passes(filter: ItemFilter | undefined): (item: number) => boolean;
}

export function catalogueOf(bundle: Pick<Bundle, 'items' | 'counts'>): Catalogue {
  const { counts } = bundle;
  const items = [...bundle.items];
  const indices = new Map<string, number>();
  for (const [index, { id }] of items.entries()) indices.set(id, index);
  // Nobody may ever ask for it, and of a million items it takes longer than reading them.
  let byCount: Int32Array | undefined;
  const indexOf = (id: string) => indices.get(id);
  return {
    items,
    indexOf,
    append: (added) => {
      for (const item of added) indices.set(item.id, items.push(item) - 1);
    },
    popular: (count, isWanted) => {
      const found: ScoredItem[] = [];
      const take = (item: number, score: number) => {
        if (found.length < count && isWanted(item)) found.push({ item, score });
        return found.length < count;
      };
      byCount ??= orderBy(counts);
      for (const item of byCount) if (!take(item, counts[item]!)) return found;
      // What was added was never chosen, and comes after all that was there.
      for (let item = counts.length; item < items.length; item++) if (!take(item, 0)) break;
      return found;
    },
    passes: (filter) => {
      if (filter === undefined) return () => true;
      if (typeof filter === 'function') return (item) => filter(items[item]!);
      const allowed = new Set(filter.map(indexOf));
      return (item) => allowed.has(item);
    },
  };
}

/** Indices by their counts, the largest first. */
function orderBy(counts: Int32Array): Int32Array {
  return Int32Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
}
