/** Numbers that come one by one, in blocks: to grow copies nothing, and wastes less than a block. */
export class GrowingColumn<Values extends Int32Array | Float64Array> {
  private readonly kind: new (
    length: number,
  ) => Values;
  private readonly blocks: Values[] = [];
  private last: Values | undefined;
  private used = blockLength;

  constructor(kind: new (length: number) => Values) {
    this.kind = kind;
  }

  push(value: number): void {
    if (this.used === blockLength) {
      this.last = new this.kind(blockLength);
      this.blocks.push(this.last);
      this.used = 0;
    }
    this.last![this.used++] = value;
  }

  /** @param index below 2³² */
  at(index: number): number {
    return this.blocks[index >>> blockBits]![index & (blockLength - 1)]!;
  }
}

const blockBits = 16;
const blockLength = 2 ** blockBits;
