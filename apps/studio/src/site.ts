/** `studio.json`: what a page has to show. All addresses are relative to it. */
export interface Site {
  readonly kind: 'studio';
  readonly format: 1;
  /** At least one; the first is what the others are compared with. */
  readonly models: readonly SiteModel[];
}

export interface SiteModel {
  /** What it is called on the page. */
  readonly name: string;
  /** Folder of its bundle. */
  readonly bundle: string;
}

/** Where a page looks for what it has to show. */
export const siteFile = 'studio.json';
