/** Users of a group: few enough that what they did fits a cache, and that 16 bits say which one it is. */
export const groupBits: number = 14;
export const groupSize: number = 2 ** groupBits;
/** Rows of a group's first block; others have four times as many as the one before, up to the most. */
const firstBlock = 256;
const longestBlock = 16_384;

interface Block {
  readonly buffer: Resizable;
  readonly users: Uint16Array;
  readonly items: Int32Array;
  readonly times: Float64Array | undefined;
}

/** Where rows go: `items` and `times` of all users, and where each user's begin. */
interface Places {
  readonly items: Int32Array;
  readonly times: Float64Array | undefined;
  readonly starts: Float64Array;
  /** New numbers of items, if they get any. */
  readonly places: Int32Array | undefined;
}

/** Rows of neighbouring users, in the order in which they came. */
export class RowGroup {
  private readonly hasTimes: boolean;
  private readonly blocks: Block[] = [];
  private last: Block | undefined;
  /** Of the last block. */
  private used = 0;

  constructor(hasTimes: boolean) {
    this.hasTimes = hasTimes;
  }

  /** `user` is counted from the group's first. */
  push(user: number, item: number, time: number): void {
    let { last } = this;
    if (last === undefined || this.used === last.users.length) last = this.grow();
    const { used } = this;
    last.users[used] = user;
    last.items[used] = item;
    if (last.times) last.times[used] = time;
    this.used = used + 1;
  }

  /** Counts the rows of each user in `counts`, where the group begins at `first`. */
  count(counts: Int32Array, first: number): void {
    for (const { users } of this.blocks) {
      const length = this.lengthOf(users);
      for (let row = 0; row < length; row++) counts[first + users[row]!]!++;
    }
  }

  /** Puts each row behind its user's earlier ones. */
  place({ items, times, starts, places }: Places, first: number): void {
    const next = starts.slice(first, first + groupSize);
    for (const own of this.blocks) {
      const length = this.lengthOf(own.users);
      for (let row = 0; row < length; row++) {
        const place = next[own.users[row]!]!++;
        const item = own.items[row]!;
        items[place] = places ? places[item]! : item;
        if (times) times[place] = own.times![row]!;
      }
    }
  }

  /** Gives the memory back at once: the collector would wait until it has reason to look. */
  release(): void {
    for (const { buffer } of this.blocks) buffer.resize(0);
    this.blocks.length = 0;
    this.last = undefined;
  }

  private lengthOf(users: Uint16Array): number {
    return users === this.last?.users ? this.used : users.length;
  }

  private grow(): Block {
    const before = this.last?.users.length ?? firstBlock / 4;
    this.last = newBlock(Math.min(longestBlock, 4 * before), this.hasTimes);
    this.blocks.push(this.last);
    this.used = 0;
    return this.last;
  }
}

/** An `ArrayBuffer` of ES2024, which Node has had since 20. */
interface Resizable extends ArrayBuffer {
  resize(bytes: number): void;
}

const resizable = ArrayBuffer as unknown as new (
  bytes: number,
  options: { readonly maxByteLength: number },
) => Resizable;

/** Columns of one buffer: each that can be resized is a mapping of memory, and a process has 65,530. */
function newBlock(length: number, hasTimes: boolean): Block {
  const timeBytes = hasTimes ? 8 * length : 0;
  const bytes = timeBytes + 6 * length;
  const buffer = new resizable(bytes, { maxByteLength: bytes });
  return {
    buffer,
    times: hasTimes ? new Float64Array(buffer, 0, length) : undefined,
    items: new Int32Array(buffer, timeBytes, length),
    users: new Uint16Array(buffer, timeBytes + 4 * length, length),
  };
}
