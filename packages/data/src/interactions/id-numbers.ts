import { IdTable } from '../dataset/id-table.ts';
import type { Id } from '../dataset/id-text.ts';

/**
 * Ids by the order in which they first appear, whichever way each is written. Most ids are known, and to
 * find one takes neither its text nor a look at whether it is an id: only those are kept.
 */
export class IdNumbers {
  private readonly texts = new IdTable();
  private readonly numbers = new Map<unknown, number>();

  get ids(): string[] {
    return this.texts.ids;
  }

  find(id: unknown): number | undefined {
    return typeof id === 'string' ? this.texts.find(id) : this.numbers.get(id);
  }

  /** @param text of the id, which may be known in another writing */
  add(id: Id, text: string): number {
    const index = this.texts.indexOf(text);
    if (typeof id !== 'string') this.numbers.set(id, index);
    return index;
  }
}
