import type { UniformRandom } from '../negative-sampler.ts';

/** All items as a deck of cards: some are put aside, some are drawn, all come back. */
export interface Deck {
  /** Puts an item aside. One that is not in the deck, or names no item, changes nothing. */
  remove(item: number): void;
  /** Takes one of the items left, all equally likely. At least one must be left. */
  draw(random: UniformRandom): number;
  /** How many items are left. */
  size(): number;
  /** Brings every item back, in the order of the beginning: what comes next forgets what was. */
  restore(): void;
}

/** A partial Fisher–Yates shuffle from the end, which is undone swap by swap. */
export function createDeck(itemCount: number): Deck {
  const items = Int32Array.from({ length: itemCount }, (_, item) => item);
  const places = items.slice(); // of each item
  const swappedFrom = new Int32Array(itemCount); // for each place, whose item it took
  let size = itemCount;

  const swap = (a: number, b: number) => {
    const item = items[a]!;
    items[a] = items[b]!;
    items[b] = item;
    places[items[a]!] = a;
    places[item] = b;
  };
  const takeFrom = (place: number) => {
    size--;
    swappedFrom[size] = place;
    swap(place, size);
    return items[size]!;
  };
  return {
    remove(item) {
      if (item >= 0 && item < itemCount && places[item]! < size) takeFrom(places[item]!);
    },
    draw: (random) => takeFrom(Math.floor(random() * size)),
    size: () => size,
    restore() {
      for (; size < itemCount; size++) swap(size, swappedFrom[size]!);
    },
  };
}
