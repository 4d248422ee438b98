import { csvCells } from '../tables/csv-cells.ts';
import { type Fields, fieldsIn } from './line-fields.ts';
import { parsePythonLiteral } from './python-literal.ts';
import { textLines } from './text-lines.ts';

/** An item of a published catalogue. Texts are the file's: markup and HTML entities stand in them. */
export interface PublishedItem {
  readonly id: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** From the widest to the narrowest, where the file has an order. */
  readonly categories: readonly string[];
  /** In the currency of the file; undefined where it has none, a span, or no number. */
  readonly price: number | undefined;
  /** The largest version of each picture. */
  readonly imageUrls: readonly string[];
}

export type PublishedCatalogueName =
  | 'amazon-2014'
  | 'amazon-2018'
  | 'amazon-2023'
  | 'movielens-100k'
  | 'movielens-1m'
  | 'movielens'
  | 'mind'
  | 'yelp'
  | 'steam';

interface Catalogue {
  readonly encoding?: 'utf-8' | 'latin-1';
  readonly hasHeader?: true;
  readonly fieldsOf: (line: string) => Fields;
  readonly itemOf: (fields: Fields) => PublishedItem;
}

/**
 * Items as their authors publish them.
 *
 * @see publishedTables for the interactions and the sources
 */
const catalogues: Readonly<Record<PublishedCatalogueName, Catalogue>> = {
  /** `meta_*.json.gz`: a dict of Python in each line. */
  'amazon-2014': {
    fieldsOf: (line) => parsePythonLiteral(line) as Fields,
    itemOf: (fields) => ({
      ...described({ ...fields, id: fields.asin, genres: (fields.categories as unknown[])?.[0] }),
      price: price(fields.price),
      imageUrls: texts([fields.imUrl]),
    }),
  },
  /** `meta_*.json.gz`: titles with entities, prices that are texts, pictures in two sizes. */
  'amazon-2018': {
    fieldsOf: (line) => JSON.parse(line) as Fields,
    itemOf: (fields) => ({
      ...described({
        id: fields.asin,
        title: fields.title,
        description: texts(fields.description).join('\n'),
        genres: fields.category,
      }),
      price: price(fields.price),
      imageUrls: firstOf(texts(fields.imageURLHighRes), texts(fields.imageURL ?? fields.image)),
    }),
  },
  /** `meta_*.jsonl.gz`: pictures as objects of sizes. */
  'amazon-2023': {
    fieldsOf: (line) => JSON.parse(line) as Fields,
    itemOf: (fields) => ({
      ...described({
        id: fields.parent_asin,
        title: fields.title,
        description: texts(fields.description).join('\n'),
        genres: fields.categories,
      }),
      price: price(fields.price),
      imageUrls: pictures(fields.images),
    }),
  },
  /** `u.item`, in Latin-1. */
  'movielens-100k': {
    encoding: 'latin-1',
    fieldsOf: (line) => {
      const [id, title, , , , ...genres] = line.split('|');
      return { id, title, genres: genreNames.filter((_, place) => genres[place] === '1') };
    },
    itemOf: described,
  },
  /** `movies.dat`, in Latin-1. */
  'movielens-1m': {
    encoding: 'latin-1',
    fieldsOf: (line) => {
      const [id, title, genres] = line.split('::');
      return { id, title, genres: genres?.split('|') };
    },
    itemOf: described,
  },
  /** `movies.csv` of `latest`, `25m` and `32m`. */
  movielens: {
    hasHeader: true,
    fieldsOf: (line) => {
      const [id, title, genres] = csvCells(line, { delimiter: ',', quote: '"' }) ?? [];
      return { id, title, genres: genres === '(no genres listed)' ? [] : genres?.split('|') };
    },
    itemOf: described,
  },
  /** `news.tsv`. */
  mind: {
    fieldsOf: (line) => {
      const [id, category, subcategory, title, description] = line.split('\t');
      return { id, title, description, genres: [category, subcategory] };
    },
    itemOf: described,
  },
  /** `yelp_academic_dataset_business.json`. */
  yelp: {
    fieldsOf: (line) => JSON.parse(line) as Fields,
    itemOf: (fields) => ({
      ...described({ id: fields.business_id, title: fields.name }),
      categories: texts(text(fields.categories)?.split(', ')),
    }),
  },
  /** `steam_games.json.gz`: a dict of Python in each line; some have no id, and are no items. */
  steam: {
    fieldsOf: (line) => parsePythonLiteral(line) as Fields,
    itemOf: (fields) => ({
      ...described({
        id: fields.id,
        title: fields.title ?? fields.app_name,
        genres: fields.genres,
      }),
      price: price(fields.price),
    }),
  },
};

/** What `readPublishedItems` knows. */
export const publishedCatalogueNames: readonly PublishedCatalogueName[] = Object.keys(
  catalogues,
) as PublishedCatalogueName[];

/**
 * The items of a published catalogue, one at a time, plain or compressed by gzip. Items that stand in
 * the file twice come twice; lines without an id are passed over.
 *
 * @throws {TextFormatError} with file and line, if a line is not what that catalogue has
 */
export async function* readPublishedItems(
  name: PublishedCatalogueName,
  path: string,
): AsyncGenerator<PublishedItem, void> {
  const { encoding, hasHeader, fieldsOf, itemOf } = catalogues[name];
  const wanted = {
    expected: `an item as ${name} has them`,
    advice: 'Bring the file anew, or name its kind.',
  };
  for await (const [number, line] of textLines(path, encoding)) {
    if (hasHeader && number === 1) continue;
    const item = itemOf(fieldsIn(() => fieldsOf(line), { path, number, ...wanted }));
    if (item.id !== '') yield item;
  }
}

const genreNames = [
  'unknown',
  'Action',
  'Adventure',
  'Animation',
  "Children's",
  'Comedy',
  'Crime',
  'Documentary',
  'Drama',
  'Fantasy',
  'Film-Noir',
  'Horror',
  'Musical',
  'Mystery',
  'Romance',
  'Sci-Fi',
  'Thriller',
  'War',
  'Western',
];

/** Of the fields `id`, `title`, `description` and `genres`, whichever there are. */
function described(fields: Fields): PublishedItem {
  return {
    id: text(fields.id) ?? '',
    title: text(fields.title),
    description: text(fields.description),
    categories: texts(fields.genres),
    price: undefined,
    imageUrls: [],
  };
}

/** A text that is there; numbers as they are written. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function texts(value: unknown): string[] {
  const values = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
  return values.map(text).filter((found) => found !== undefined);
}

const firstOf = (...lists: readonly string[][]) => lists.find(({ length }) => length > 0) ?? [];

/** `12.5`, `"$12.50"` and `"$1,250"`; a span of prices, words and markup are none. */
function price(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const [, number] =
    /^\s*[$£€]?\s*(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*$/.exec(value) ?? [];
  return number === undefined ? undefined : Number(number.replaceAll(',', ''));
}

/** A list of `{ hi_res, large, thumb }`, or an object of such lists. */
function pictures(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((sizes: Fields) =>
      texts([sizes?.hi_res ?? sizes?.large ?? sizes?.thumb ?? sizes?.large_image_url]),
    );
  }
  if (typeof value !== 'object' || value === null) return [];
  const { hi_res = [], large = [], thumb = [] } = value as Record<string, unknown[]>;
  const count = Math.max(hi_res.length, large.length, thumb.length);
  return Array.from({ length: count }, (_, at) => hi_res[at] ?? large[at] ?? thumb[at]).flatMap(
    (url) => texts([url]),
  );
}
