import { readPublishedItems } from '@rodpo/data';
import { quoteList } from '@rodpo/errors';
import { type ItemRow, type ItemSource, itemTable } from '@rodpo/features';
import type { BundleItem } from '@rodpo/serving';
import { ConfigError } from '../config/config.ts';
import type { CatalogueTable, PublishedCatalogue } from '../config/feature-settings.ts';
import { imageAddresses } from '../features/image-addresses.ts';
import { loadProducts } from '../features/products.ts';
import type { Run } from '../run/run.ts';

/** What an item is besides its id. */
export type ItemDetails = Omit<BundleItem, 'id'>;

/** Which columns of a table say what, where the config does not. */
export interface DetailColumns {
  /** Default: the first column of `catalogue.text`. */
  readonly title?: string;
  /** Default: none. */
  readonly attributes?: readonly string[];
}

/**
 * Title, image address and attributes of the items that are asked about, by id, as far as the
 * catalogue has them: of a simulated storefront, a published catalogue or a table.
 *
 * @throws {ConfigError} if columns are named and there is no table
 */
export async function itemDetails(
  run: Run,
  ids: readonly string[],
  columns: DetailColumns,
): Promise<Map<string, ItemDetails>> {
  const { catalogue, data } = run.config;
  const isTable = catalogue !== null && !('published' in catalogue);
  if (!isTable && (columns.title !== undefined || columns.attributes !== undefined)) {
    throw new ConfigError(
      "--title and --attributes name columns of a table, and the run's config names none under " +
        '"catalogue". Leave them out.',
    );
  }
  const wanted = new Set(ids);
  if (isTable) return ofTable(run, catalogue, { wanted, columns });
  if (catalogue) return ofPublished(catalogue, wanted);
  return data.source === 'simulator' ? ofProducts(run, wanted) : new Map();
}

async function ofProducts(
  run: Run,
  wanted: ReadonlySet<string>,
): Promise<Map<string, ItemDetails>> {
  const products = (await loadProducts(run)).filter(({ id }) => wanted.has(id));
  return new Map(
    products.map(({ id, title, attributes }) => [id, { title, attributes: { ...attributes } }]),
  );
}

async function ofPublished(
  { published, path }: PublishedCatalogue,
  wanted: ReadonlySet<string>,
): Promise<Map<string, ItemDetails>> {
  const found = new Map<string, ItemDetails>();
  for await (const item of readPublishedItems(published, path)) {
    if (!wanted.has(item.id) || found.has(item.id)) continue; // of two, the first
    const { title, categories, price, imageUrls } = item;
    found.set(item.id, {
      ...(title === undefined ? {} : { title }),
      ...(imageUrls[0] === undefined ? {} : { image: imageUrls[0] }),
      attributes: { categories, ...(price === undefined ? {} : { price }) },
    });
  }
  return found;
}

interface Wanted {
  readonly wanted: ReadonlySet<string>;
  readonly columns: DetailColumns;
}

async function ofTable(
  { config }: Run,
  { path, id, text }: CatalogueTable,
  { wanted, columns }: Wanted,
): Promise<Map<string, ItemDetails>> {
  const { title = text?.[0], attributes = [] } = columns;
  const titles =
    title === undefined ? undefined : await itemTable(path, { id, input: title, kind: 'text' });
  const seen = new Set<string>();
  // Not the text of a column, but what stands in it: a number of JSON stays one.
  const input = (row: ItemRow) => {
    const own = attributes.filter((name) => Object.hasOwn(row, name));
    for (const name of own) seen.add(name);
    return JSON.stringify(Object.fromEntries(own.map((name) => [name, row[name]])));
  };
  const values = attributes.length > 0 ? await itemTable(path, { id, input }) : undefined;
  const found = new Map<string, ItemDetails>();
  const add = async (
    source: ItemSource<string> | undefined,
    detailOf: (read: string) => ItemDetails,
  ) => {
    for await (const [item, read] of inputsIn(source)) {
      if (wanted.has(item)) found.set(item, { ...found.get(item), ...detailOf(read) });
    }
  };
  await add(titles, (read) => ({ title: read }));
  await add(await imageAddresses(config), (image) => ({ image }));
  await add(values, (read) => ({ attributes: JSON.parse(read) }));
  const missing = attributes.filter((name) => !seen.has(name));
  if (missing.length === 0) return found;
  throw new ConfigError(
    `--attributes: ${path} has no column ${quoteList(missing)} in any of its lines.`,
  );
}

/** Items read together. */
const atOnce = 4096;

/** Those that have an input, with it. */
async function* inputsIn(source: ItemSource<string> | undefined) {
  for (let start = 0; start < (source?.itemCount ?? 0); start += atOnce) {
    for (const { id, input } of await source!.read(start, start + atOnce)) {
      if (input !== undefined && input !== '') yield [id, input] as const;
    }
  }
}
