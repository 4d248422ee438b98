import type { Bundle } from './bundle.ts';

/** Vectors of items that were added, side by side: as many rows as the scan takes at once. */
export interface AddedBlock {
  /** `[blockSize · width]`; zeros where there is no item yet. */
  readonly rows: Float32Array;
  /** Item of its first row. */
  readonly begin: number;
}

/**
 * The vectors of a bundle's items, and after them those of items that were added since it was opened. Items
 * are only ever appended, so an index keeps its meaning while requests are under way; nothing is copied.
 */
export class ItemVectors {
  readonly #base: Float32Array;
  readonly #blockSize: number;
  readonly #added: AddedBlock[] = [];
  readonly width: number;
  /** Items that the bundle had when it was opened. */
  readonly baseCount: number;
  #count: number;

  constructor({ vectors, settings }: Pick<Bundle, 'vectors' | 'settings'>) {
    this.#base = vectors;
    this.#blockSize = settings.blockSize;
    this.width = settings.width;
    this.baseCount = settings.itemCount;
    this.#count = settings.itemCount;
  }

  /** Items that there are now. */
  get count(): number {
    return this.#count;
  }

  get added(): readonly AddedBlock[] {
    return this.#added;
  }

  /** A view: `[width]`. */
  of(item: number): Float32Array {
    const { width, baseCount } = this;
    if (item < baseCount) return this.#base.subarray(item * width, (item + 1) * width);
    const { rows, begin } = this.#added[Math.floor((item - baseCount) / this.#blockSize)]!;
    return rows.subarray((item - begin) * width, (item - begin + 1) * width);
  }

  /** @param vectors `[items · width]` */
  append(vectors: Float32Array): void {
    const { width } = this;
    for (let from = 0; from < vectors.length; from += width) {
      if ((this.#count - this.baseCount) % this.#blockSize === 0) {
        this.#added.push({
          rows: new Float32Array(this.#blockSize * width),
          begin: this.#count,
        });
      }
      this.#count++;
      this.of(this.#count - 1).set(vectors.subarray(from, from + width));
    }
  }

  /** A copy of all: `[count · width]`. */
  all(): Float32Array {
    const all = new Float32Array(this.#count * this.width);
    all.set(this.#base);
    for (let item = this.baseCount; item < this.#count; item++) {
      all.set(this.of(item), item * this.width);
    }
    return all;
  }
}
