/**
 * Numbers by hashes of 64 bits, in one array: 16 bytes a slot. A `Map` of strings takes ten times as long,
 * and most of it to make the strings.
 */
export class HashNumbers {
  /** Of each slot: the hash's two halves, and the number plus one; 0 marks a free one. */
  readonly #slots: Uint32Array;
  readonly #mask: number;

  constructor(count: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(4, count / 0.7)));
    this.#slots = new Uint32Array(4 * size);
    this.#mask = size - 1;
  }

  /** @returns false if the hash has a number already, which it keeps */
  add(low: number, high: number, number: number): boolean {
    const slot = this.#slotOf(low, high);
    if (this.#slots[slot + 2] !== 0) return false;
    this.#slots[slot] = low;
    this.#slots[slot + 1] = high;
    this.#slots[slot + 2] = number + 1;
    return true;
  }

  /** -1 if the hash has none. */
  get(low: number, high: number): number {
    return this.#slots[this.#slotOf(low, high) + 2]! - 1;
  }

  #slotOf(low: number, high: number): number {
    const slots = this.#slots;
    let slot = low & this.#mask;
    for (;;) {
      const at = 4 * slot;
      if (slots[at + 2] === 0 || (slots[at] === low && slots[at + 1] === high)) return at;
      slot = (slot + 1) & this.#mask;
    }
  }
}
