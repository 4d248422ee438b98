/** Numbers that come one by one, in blocks: to grow copies nothing, and wastes less than a block. */
export class GrowingColumn<Values extends Int32Array | Float64Array> {
  private readonly kind: new (
    length: number,
  ) => Values;
  private readonly full: Values[] = [];
  private last: Values;
  private used = 0;

  constructor(kind: new (length: number) => Values) {
    this.kind = kind;
    this.last = new kind(firstLength);
  }

  push(value: number): void {
    if (this.used === this.last.length) this.grow();
    this.last[this.used++] = value;
  }

  get length(): number {
    return this.full.length * blockLength + this.used;
  }

  /** What there is of a block, by its number; columns of one length have blocks of the same lengths. */
  block(block: number): Values {
    return this.full[block] ?? (this.last.subarray(0, this.used) as Values);
  }

  *blocks(): Generator<[number, Values], void> {
    for (let block = 0; block <= this.full.length; block++) yield [block, this.block(block)];
  }

  /** All of them in one array. */
  joined(): Values {
    const whole = new this.kind(this.length);
    for (const [block, values] of this.blocks()) whole.set(values, block * blockLength);
    return whole;
  }

  /** The first block grows by itself, so that a few numbers take no more than they need. */
  private grow(): void {
    const { last } = this;
    if (last.length < blockLength) {
      this.last = new this.kind(2 * last.length);
      this.last.set(last);
      return;
    }
    this.full.push(last);
    this.last = new this.kind(blockLength);
    this.used = 0;
  }
}

const firstLength = 64;
const blockLength = 2 ** 16;
