/**
 * The best items of many, in the memory of a few: a heap with the worst that is kept on top. Higher
 * scores are better, and of equal ones the lower index.
 */
export class BestList {
  readonly #count: number;
  readonly #items: number[] = [];
  readonly #scores: number[] = [];

  /** @param count how many are kept, from 1 */
  constructor(count: number) {
    this.#count = count;
  }

  /** The score that is the least to be kept: less is not, and as much only of a lower index. */
  get least(): number {
    return this.#items.length < this.#count ? Number.NEGATIVE_INFINITY : this.#scores[0]!;
  }

  /** Keeps an item, unless all that are kept are better. */
  add(item: number, score: number): void {
    if (this.#items.length === this.#count) {
      if (isBetter(item, score, this.#items[0]!, this.#scores[0]!)) this.#sink(item, score);
      return;
    }
    let place = this.#items.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBetter(this.#items[parent]!, this.#scores[parent]!, item, score)) break;
      this.#items[place] = this.#items[parent]!;
      this.#scores[place] = this.#scores[parent]!;
      place = parent;
    }
    this.#items[place] = item;
    this.#scores[place] = score;
  }

  /** What was kept, best first. */
  sorted(): ScoredItem[] {
    return this.#items
      .map((item, place) => ({ item, score: this.#scores[place]! }))
      .sort((a, b) => b.score - a.score || a.item - b.item);
  }

  /** Puts an item in the place of the worst, and restores the heap. */
  #sink(item: number, score: number): void {
    const [items, scores] = [this.#items, this.#scores];
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= items.length) break;
      const other = child + 1;
      if (
        other < items.length &&
        isBetter(items[child]!, scores[child]!, items[other]!, scores[other]!)
      ) {
        child = other; // the worse of the two goes up
      }
      if (!isBetter(item, score, items[child]!, scores[child]!)) break;
      items[place] = items[child]!;
      scores[place] = scores[child]!;
      place = child;
    }
    items[place] = item;
    scores[place] = score;
  }
}

/** An item by its index. */
export interface ScoredItem {
  readonly item: number;
  readonly score: number;
}

function isBetter(item: number, score: number, than: number, thanScore: number): boolean {
  return score > thanScore || (score === thanScore && item < than);
}
