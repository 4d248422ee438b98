/** Gives ids consecutive indices in the order they first appear. */
export class IdTable {
  readonly ids: string[] = [];
  private readonly indices = new Map<string, number>();

  /** Of an id that has appeared. */
  find(id: string): number | undefined {
    return this.indices.get(id);
  }

  indexOf(id: string): number {
    const known = this.indices.get(id);
    if (known !== undefined) return known;
    const index = this.ids.push(id) - 1;
    this.indices.set(id, index);
    return index;
  }
}
