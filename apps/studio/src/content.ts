import type { Site } from './site.ts';

/** What a page has to show, wherever it is served from. */
export interface StudioContent {
  readonly site: Site;
  /** Folders whose files are handed out, by the address under which the site names them. */
  readonly folders: Readonly<Record<string, string>>;
}
