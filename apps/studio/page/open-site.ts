import { openBundle, type Recommender } from '@rodpo/serving/web';
import { type Site, siteFile } from '../src/site.ts';

/** A model that is ready to be asked. */
export interface OpenModel {
  readonly name: string;
  readonly recommender: Recommender;
}

export interface OpenSite {
  readonly site: Site;
  readonly models: readonly OpenModel[];
}

/**
 * Fetches what the page has to show.
 *
 * @param tell is called with what is being done, for whoever waits
 * @throws {Error} with a message for people
 */
export async function openSite(tell: (state: string) => void): Promise<OpenSite> {
  const base = document.baseURI;
  const site = await fetchSite(new URL(siteFile, base));
  const models: OpenModel[] = [];
  for (const { name, bundle } of site.models) {
    tell(`Loading ${name}…`);
    models.push({ name, recommender: await openBundle(new URL(bundle, base)) });
  }
  return { site, models };
}

async function fetchSite(address: URL): Promise<Site> {
  const response = await fetch(address).catch(() => undefined);
  if (!response?.ok) {
    throw new Error(
      `${address} could not be fetched. Open this page by 'rodpo studio', or from a web server that has the whole folder: browsers load nothing for a page that is opened as a file.`,
    );
  }
  const site = (await response.json().catch(() => undefined)) as Site | undefined;
  if (site?.kind === 'studio' && site.format === 1 && site.models.length > 0) return site;
  throw new Error(`${address} is not what 'rodpo export --site' writes. Export the site again.`);
}
