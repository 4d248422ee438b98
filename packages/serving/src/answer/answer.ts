import type { BundleItem } from '../bundle/bundle.ts';

/** An item of an answer, with what is known of it. */
export interface AnswerItem extends BundleItem {
  /** The model's; how often the item was chosen where the answer goes by popularity. */
  readonly score: number;
}

/** What somebody is recommended. */
export interface Answer {
  /** Best first; with `diversity`, in the order in which they were taken. */
  readonly items: readonly AnswerItem[];
  /**
   * By the model, or by popularity because nothing of the history is known to it, or because its encoder
   * makes no numbers of the history.
   */
  readonly source: 'model' | 'popularity';
  /** Ids of the history that the bundle does not have, which were left out. */
  readonly unknown: readonly string[];
}
