/** `studio.json`: what a page has to show. All addresses are relative to it. */
export interface Site {
  readonly kind: 'studio';
  readonly format: 1;
  /** At least one; the first is what the others are compared with. */
  readonly models: readonly SiteModel[];
  /** How models were trained. Default: not known. */
  readonly curves?: readonly SiteCurve[];
  /** People whose histories can be picked. Default: none. */
  readonly users?: readonly SiteUser[];
  /** Where alignment drew rejected items from. Default: not from a pool of one model's best. */
  readonly pool?: SitePool;
}

/** The best-scored items of a model, after a history and without what may not be drawn. */
export interface SitePool {
  /** The one that scores. */
  readonly model: string;
  readonly size: number;
  /** What is never drawn: what was chosen next alone, or the history as well. */
  readonly exclude: 'chosen' | 'history';
}

/** One figure of one model's training, by epoch. */
export interface SiteCurve {
  readonly model: string;
  /** As the run logged it, such as `validation ndcg@10`. */
  readonly figure: string;
  /** Epochs in order. */
  readonly points: readonly (readonly [epoch: number, value: number])[];
}

export interface SiteUser {
  readonly id: string;
  /** Items before the one that was held out, oldest first. */
  readonly history: readonly string[];
  /** How many of them the models learned from, oldest first. Default: all. */
  readonly learned?: number;
  /** When, one of each item, in the unit of the data. */
  readonly times?: readonly number[];
  /** What was chosen next, which no model has seen. */
  readonly next: string;
  /** All that the user would like, which only a simulation knows. */
  readonly liked?: readonly string[];
}

export interface SiteModel {
  /** What it is called on the page. */
  readonly name: string;
  /** Folder of its bundle. */
  readonly bundle: string;
}

/** Where a page looks for what it has to show. */
export const siteFile = 'studio.json';
