/**
 * Numbers by hashes of 96 bits, from 0 on in the order in which hashes come: 16 bytes a slot, in one
 * array. A `Map` of strings takes ten times as long, and most of it to make the strings.
 *
 * Of 20 million ids, two have the same 96 bits with a probability of 3 in 10¹⁵.
 */
export class HashNumbers {
  /** Of each slot: the hash's three parts, and the number plus one; 0 marks a free one. */
  private slots: Int32Array = new Int32Array(4 * firstSize);
  private used = 0;
  private found: Int32Array = new Int32Array(0);
  /** Keeps what `fetch` does from being left out as of no use. */
  protected lastRead = 0;

  /** How many hashes have a number. */
  get count(): number {
    return this.used;
  }

  /**
   * The number of the hash at each place.
   *
   * @param hashes two halves in turns, the lower first
   * @param checks likewise; the third part of a hash is the lower half of its check
   * @param places in both, counted in pairs
   * @param onNew is told the places of hashes that had no number, one by one
   * @returns a view that holds until the next call: shape `[places.length]`
   */
  numbersOf(
    { hashes, checks, places }: { hashes: Int32Array; checks: Int32Array; places: Int32Array },
    onNew: (place: number) => void,
  ): Int32Array {
    if (this.found.length < places.length) this.found = new Int32Array(places.length);
    const found = this.found.subarray(0, places.length);
    let { slots } = this;
    this.fetch(hashes, places);
    for (let index = 0; index < places.length; index++) {
      const pair = 2 * places[index]!;
      const [low, high, check] = [hashes[pair]!, hashes[pair + 1]!, checks[pair]!];
      const at = slotOf(slots, low, high, check);
      const known = slots[at + 3]!;
      found[index] = known - 1;
      if (known !== 0) continue;
      found[index] = this.used++;
      fill(slots, at, low, high, check, this.used);
      onNew(places[index]!);
      if (this.used > mostUsed * (slots.length / 4)) slots = this.grow();
    }
    return found;
  }

  /**
   * Goes where the search for each hash will begin. These reads wait for memory side by side; those of a
   * search, each of which says what comes next, do so one after another: all of it takes two thirds.
   */
  private fetch(hashes: Int32Array, places: Int32Array): void {
    const { slots } = this;
    const mask = slots.length - 4;
    let read = 0;
    for (let index = 0; index < places.length; index++) {
      read ^= slots[(hashes[2 * places[index]!]! << 2) & mask]!;
    }
    this.lastRead = read;
  }

  private grow(): Int32Array {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 4) {
      if (old[at + 3] === 0) continue;
      const [low, high, check] = [old[at]!, old[at + 1]!, old[at + 2]!];
      fill(this.slots, slotOf(this.slots, low, high, check), low, high, check, old[at + 3]!);
    }
    return this.slots;
  }
}

const firstSize = 1024;
/** The share of slots that may be in use: beyond it, searches become long. */
const mostUsed = 0.7;

/** Where the slot of the hash begins, or the free one where it belongs. */
function slotOf(slots: Int32Array, low: number, high: number, check: number): number {
  const mask = slots.length - 4;
  for (let at = (low << 2) & mask; ; at = (at + 4) & mask) {
    if (slots[at + 3] === 0) return at;
    if (slots[at] === low && slots[at + 1] === high && slots[at + 2] === check) return at;
  }
}

function fill(
  slots: Int32Array,
  at: number,
  low: number,
  high: number,
  check: number,
  mark: number,
): void {
  slots[at] = low;
  slots[at + 1] = high;
  slots[at + 2] = check;
  slots[at + 3] = mark;
}
