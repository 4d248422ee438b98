import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  DataFormatError,
  type PublishedCatalogueName,
  type PublishedItem,
  readPublishedItems,
} from '../../src/index.ts';
import { temporaryFolder } from '../temporary-file.ts';

const line = (value: object) => `${JSON.stringify(value)}\n`;
const nothing = { description: undefined, categories: [], price: undefined, imageUrls: [] };

async function itemsOf(
  name: PublishedCatalogueName,
  file: string,
  content: string | Buffer,
): Promise<PublishedItem[]> {
  const path = join(temporaryFolder(), file);
  writeFileSync(path, file.endsWith('.gz') ? gzipSync(content) : content);
  const items: PublishedItem[] = [];
  for await (const item of readPublishedItems(name, path)) items.push(item);
  return items;
}

test('amazon-2014: dicts of Python', async () => {
  const content =
    "{'asin': '0000031852', 'title': \"Girls' Pot\", 'price': 3.17, 'imUrl': 'http://example.org/a.jpg', " +
    "'categories': [['Kitchen', 'Pots'], ['Gifts']], 'salesRank': {'Kitchen': 211836}}\n" +
    "{'asin': '31852', 'description': 'caf\\xe9'}\n";

  expect(await itemsOf('amazon-2014', 'meta_Pots.json.gz', content)).toEqual([
    {
      id: '0000031852',
      title: "Girls' Pot",
      description: undefined,
      categories: ['Kitchen', 'Pots'],
      price: 3.17,
      imageUrls: ['http://example.org/a.jpg'],
    },
    { ...nothing, id: '31852', title: undefined, description: 'café' },
  ]);
});

test('amazon-2018: entities stay, prices are texts, the larger pictures are taken', async () => {
  const content =
    line({
      asin: 'B1',
      title: 'Salt &amp; Pepper',
      description: ['one', 'two'],
      price: '$1,012.50',
      category: ['Kitchen'],
      imageURL: ['s1', 's2'],
      imageURLHighRes: ['l1', 'l2'],
    }) +
    line({
      asin: 'B2',
      title: 'Pot',
      description: [],
      price: '$5.00 - $9.00',
      category: [],
      imageURL: ['s'],
      imageURLHighRes: [],
    }) +
    line({ asin: 'B3', title: 'Pot', price: '.a-box-inner{background:#fff}' });

  expect(await itemsOf('amazon-2018', 'meta_Pots.json.gz', content)).toEqual([
    {
      id: 'B1',
      title: 'Salt &amp; Pepper',
      description: 'one\ntwo',
      categories: ['Kitchen'],
      price: 1012.5,
      imageUrls: ['l1', 'l2'],
    },
    { ...nothing, id: 'B2', title: 'Pot', imageUrls: ['s'] },
    { ...nothing, id: 'B3', title: 'Pot' },
  ]);
});

test('amazon-2023: each picture in its largest version, in both of the shapes', async () => {
  const content =
    line({
      parent_asin: 'B1',
      title: 'Pot',
      price: 12.5,
      description: [],
      categories: ['Kitchen'],
      images: [
        { thumb: 't', large: 'l', hi_res: null, variant: 'MAIN' },
        { thumb: 't2', large: 'l2', hi_res: 'h2' },
      ],
    }) +
    line({
      parent_asin: 'B2',
      title: 'Pot',
      price: null,
      images: { hi_res: ['h', null], large: ['l', 'l2'], thumb: ['t', 't2'] },
    }) +
    line({ parent_asin: 'B3', title: '', price: 'None', images: [] });

  expect(await itemsOf('amazon-2023', 'meta_Pots.jsonl.gz', content)).toEqual([
    {
      ...nothing,
      id: 'B1',
      title: 'Pot',
      price: 12.5,
      categories: ['Kitchen'],
      imageUrls: ['l', 'h2'],
    },
    { ...nothing, id: 'B2', title: 'Pot', imageUrls: ['h', 'l2'] },
    { ...nothing, id: 'B3', title: undefined },
  ]);
});

test.each([
  [
    'movielens-100k',
    'u.item',
    `1|Café, Le (1995)|01-Jan-1995||http://example.org|0|1|0|0|0|1${'|0'.repeat(13)}\n`,
    ['Action', 'Comedy'],
  ],
  ['movielens-1m', 'movies.dat', '1::Café, Le (1995)::Action|Comedy\n', ['Action', 'Comedy']],
] as const)('%s: titles in Latin-1', async (name, file, content, categories) => {
  expect(await itemsOf(name, file, Buffer.from(content, 'latin1'))).toEqual([
    { ...nothing, id: '1', title: 'Café, Le (1995)', categories },
  ]);
});

test('movielens: titles with commas and marks', async () => {
  const content =
    'movieId,title,genres\r\n1,"American President, The (1995)",Comedy|Drama\r\n' +
    '2,"""Great Performances"" Cats (1998)",(no genres listed)\r\n';

  expect(await itemsOf('movielens', 'movies.csv', content)).toEqual([
    {
      ...nothing,
      id: '1',
      title: 'American President, The (1995)',
      categories: ['Comedy', 'Drama'],
    },
    { ...nothing, id: '2', title: '"Great Performances" Cats (1998)' },
  ]);
});

test('mind', async () => {
  const content =
    'N1\tsports\tgolf\tA title\tAn abstract\thttps://example.org\t[]\t[]\nN2\tnews\tlocal\tOther\t\t\t[]\t[]\n';

  expect(await itemsOf('mind', 'news.tsv', content)).toEqual([
    {
      ...nothing,
      id: 'N1',
      title: 'A title',
      description: 'An abstract',
      categories: ['sports', 'golf'],
    },
    { ...nothing, id: 'N2', title: 'Other', categories: ['news', 'local'] },
  ]);
});

test('yelp', async () => {
  const content = line({ business_id: '-b1', name: 'Tea & Co', categories: 'Tea Rooms, Food' });

  expect(await itemsOf('yelp', 'business.json', content)).toEqual([
    { ...nothing, id: '-b1', title: 'Tea & Co', categories: ['Tea Rooms', 'Food'] },
  ]);
});

test('steam: dicts of Python 2, and lines without an id', async () => {
  const content =
    "{u'app_name': u'Pot\\xe9 Simulator', u'id': u'761140', u'price': 4.99, u'genres': [u'Casual']}\n" +
    "{u'app_name': u'Nobody', u'price': u'Free'}\n" +
    "{u'title': u'Other', u'id': u'9', u'price': u'Free To Play'}\n";

  expect(await itemsOf('steam', 'steam_games.json.gz', content)).toEqual([
    { ...nothing, id: '761140', title: 'Poté Simulator', price: 4.99, categories: ['Casual'] },
    { ...nothing, id: '9', title: 'Other' },
  ]);
});

test.each([
  ['amazon-2018', "{'asin': 'B1'}\n"],
  ['amazon-2014', '{"asin": "B1", "price": null}\n'],
  ['amazon-2023', '[1]\n'],
] as const)('%s: a line of another kind is named', async (name, content) => {
  const reading = itemsOf(name, 'meta.json', content);

  await expect(reading).rejects.toThrow(DataFormatError);
  await expect(reading).rejects.toMatchObject({ line: 1 });
});

test.each(['cut', 'damaged'])(
  'a compressed file that is %s is named, behind what it held',
  async (how) => {
    const titles = Array.from({ length: 20_000 }, (_, item) =>
      line({ asin: `B${item}`, title: `${item * 7919}` }),
    );
    const bytes = gzipSync(titles.join(''));
    if (how === 'damaged') bytes.fill(0, bytes.length - 8);
    const path = join(temporaryFolder(), 'meta.json.gz');
    writeFileSync(path, how === 'cut' ? bytes.subarray(0, bytes.length >> 1) : bytes);
    const ids: string[] = [];
    const reading = async () => {
      for await (const { id } of readPublishedItems('amazon-2018', path)) ids.push(id);
    };

    const error = await reading().catch((cause: unknown) => cause as DataFormatError);

    expect(error).toBeInstanceOf(DataFormatError);
    expect(error).toMatchObject({ file: path, line: ids.length + 1 });
    expect(ids.length).toBeGreaterThan(0);
    expect(String(error)).toContain('cut or damaged');
  },
);

test('a compressed file that is not there is the error of the system, with its path', async () => {
  const path = join(temporaryFolder(), 'meta.json.gz');

  await expect(readPublishedItems('yelp', path).next()).rejects.toMatchObject({
    code: 'ENOENT',
    path,
  });
});
