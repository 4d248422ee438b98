import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type PublishedName, publishedTables, readPublished } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-file.ts';

interface Published {
  readonly file: string;
  readonly content: string;
  /** By user: items and times, oldest first. */
  readonly expected: Readonly<Record<string, readonly (readonly [item: string, time?: number])[]>>;
}

const line = (value: object) => `${JSON.stringify(value)}\n`;
const day = 86_400;

/** Written by us in the shape that the files have, with what is odd about them. */
const published: Readonly<Record<PublishedName, Published>> = {
  'amazon-2014': {
    file: 'reviews_Teapots_5.json.gz',
    // Days, so that the order of lines decides; a review twice; digits that are no number.
    content:
      line({
        reviewerID: 'A1',
        asin: '0000031852',
        helpful: [0, 0],
        overall: 5,
        unixReviewTime: 2 * day,
      }) +
      line({
        reviewerID: 'A1',
        asin: 'B00TEA',
        reviewText: 'a "pot", \u2028blue',
        overall: 1,
        unixReviewTime: 2 * day,
      }) +
      line({ reviewerID: 'A1', asin: '31852', overall: 4, unixReviewTime: day }) +
      line({ reviewerID: 'A1', asin: '31852', overall: 4, unixReviewTime: day }),
    expected: {
      A1: [
        ['31852', day],
        ['31852', day],
        ['0000031852', 2 * day],
        ['B00TEA', 2 * day],
      ],
    },
  },
  'amazon-2014-ratings': {
    file: 'ratings_Teapots.csv',
    content: 'A1,0000031852,5.0,1369699200\nA2,31852,1.0,1355443200\n',
    expected: { A1: [['0000031852', 1369699200]], A2: [['31852', 1355443200]] },
  },
  'amazon-2018': {
    file: 'Teapots_5.json.gz',
    content:
      line({
        overall: 5,
        verified: true,
        reviewerID: 'A1',
        asin: 'B1',
        style: { 'Color:': ' Blue' },
        unixReviewTime: 1514764800,
        image: ['https://example.org/1.jpg'],
        vote: '2',
      }) +
      line({
        overall: 2,
        verified: false,
        reviewerID: 'A1',
        asin: 'B0',
        unixReviewTime: 1514678400,
      }),
    expected: {
      A1: [
        ['B0', 1514678400],
        ['B1', 1514764800],
      ],
    },
  },
  'amazon-2018-ratings': {
    file: 'Teapots.csv',
    content: 'B1,A1,5.0,1514764800\nB0,A1,2.0,1514678400\n',
    expected: {
      A1: [
        ['B0', 1514678400],
        ['B1', 1514764800],
      ],
    },
  },
  'amazon-2023': {
    file: 'Teapots.jsonl.gz',
    content:
      line({
        rating: 5,
        title: 'A pot',
        images: [{ hi_res: null }],
        asin: 'B9',
        parent_asin: 'B1',
        user_id: 'AE',
        timestamp: 1588687728923,
        helpful_vote: 0,
        verified_purchase: true,
      }) +
      line({
        rating: 4,
        title: '',
        images: [],
        asin: 'B8',
        parent_asin: 'B0',
        user_id: 'AE',
        timestamp: 1588687728922,
      }),
    expected: {
      AE: [
        ['B0', 1588687728.922],
        ['B1', 1588687728.923],
      ],
    },
  },
  'amazon-2023-ratings': {
    file: 'Teapots.csv',
    content: 'user_id,parent_asin,rating,timestamp\nAE,B1,5.0,1588687728923\n',
    expected: { AE: [['B1', 1588687728.923]] },
  },
  'movielens-100k': {
    file: 'u.data',
    content: '196\t242\t3\t881250949\n186\t302\t3\t891717742\n196\t9\t4\t881250900\n',
    expected: {
      196: [
        ['9', 881250900],
        ['242', 881250949],
      ],
      186: [['302', 891717742]],
    },
  },
  'movielens-1m': {
    file: 'ratings.dat',
    content: '1::1193::5::978300760\n1::661::3::978302109\n1::9::3::978300760\n',
    expected: {
      1: [
        ['1193', 978300760],
        ['9', 978300760],
        ['661', 978302109],
      ],
    },
  },
  movielens: {
    file: 'ratings.csv',
    content: 'userId,movieId,rating,timestamp\r\n1,1,4.0,964982703\r\n1,3,4.5,964981247\r\n',
    expected: {
      1: [
        ['3', 964981247],
        ['1', 964982703],
      ],
    },
  },
  recbole: {
    file: 'shop.inter',
    content:
      'user_id:token\titem_id:token\trating:float\ttimestamp:float\n7\t"odd"\t5\t2.5\n7\tcup, blue\t5\t1\n',
    expected: {
      7: [
        ['cup, blue', 1],
        ['"odd"', 2.5],
      ],
    },
  },
  's3-rec': {
    file: 'Teapots.txt',
    content: '1 10 9 10\n2 8\n',
    expected: { 1: [['10'], ['9'], ['10']], 2: [['8']] },
  },
  mind: {
    file: 'behaviors.tsv',
    content:
      '2\tU1\t11/15/2019 12:05:58 AM\tN1 N2\tN9-0 N7-1\n' +
      '1\tU1\t11/14/2019 1:05:58 PM\tN1 N2\tN5-1 N6-0 N4-1\n' +
      '3\tU2\t11/14/2019 9:05:58 AM\t\tN5-1\n' +
      '4\tU3\t11/14/2019 9:05:58 AM\t\tN5-0\n',
    expected: { U1: [['N1'], ['N2'], ['N5'], ['N4'], ['N7']], U2: [['N5']] },
  },
  steam: {
    file: 'steam_reviews.json.gz',
    content:
      "{u'username': u'Pot\\xe9', u'hours': 0.1, u'product_id': u'725280', u'page_order': 0, " +
      "u'date': u'2017-12-17', u'text': u\"it's 'good'\", u'early_access': False, u'page': 1}\n" +
      "{u'username': u'Pot\\xe9', u'product_id': u'0072', u'date': u'2017-12-16', u'text': u''}\n",
    expected: {
      Poté: [
        ['0072', 1513382400],
        ['725280', 1513468800],
      ],
    },
  },
  yelp: {
    file: 'yelp_academic_dataset_review.json',
    content:
      line({
        review_id: 'r',
        user_id: '-u_1',
        business_id: 'b-1',
        stars: 5,
        useful: 0,
        text: 'x\ny',
        date: '2018-07-07 22:09:11',
      }) +
      line({
        review_id: 's',
        user_id: '-u_1',
        business_id: '_b2',
        stars: 1,
        text: '',
        date: '2018-07-07 22:09:10',
      }),
    expected: {
      '-u_1': [
        ['_b2', 1531001350],
        ['b-1', 1531001351],
      ],
    },
  },
};

test('there is a file in the published shape for each', () => {
  expect(Object.keys(published).sort()).toEqual([...Object.keys(publishedTables), 'steam'].sort());
});

test.each(Object.entries(published))('%s', async (name, { file, content, expected }) => {
  const path = join(temporaryFolder(), file);
  writeFileSync(path, file.endsWith('.gz') ? gzipSync(content) : content);
  const { dataset } = await readPublished(name as PublishedName, path);
  const found = dataset.userIds.map((user, index) => [
    user,
    [...dataset.sequences.at(index)!].map((item, place) => [
      dataset.itemIds[item]!,
      ...(dataset.times ? [dataset.times.at(index)![place]] : []),
    ]),
  ]);

  expect(Object.fromEntries(found)).toEqual(expected);
});

test('a name that is not known: those that are', async () => {
  const reading = readPublished('netflix' as PublishedName, 'x.csv');

  await expect(reading).rejects.toThrow(/got "netflix". Known are "amazon-2014"/);
});

test('ratings are a threshold where it is asked for', async () => {
  const path = join(temporaryFolder(), 'ratings.csv');
  writeFileSync(path, published.movielens.content);

  expect((await readPublished('movielens', path, { minRating: 4.5 })).dataset.itemIds).toEqual([
    '3',
  ]);
});

test.each([
  ['a line of JSON', '{"username": null}\n', /steam.json:1: .*another line: expected a value/],
  ['a line without a user', "{'product_id': '1', 'date': '2017-12-17'}\n", /[Rr]ow 1/],
  ['a day that is none', "{'username': 'u', 'product_id': '1', 'date': 'soon'}\n", /[Rr]ow 1/],
])('steam: %s is refused', async (_, content, message) => {
  const path = join(temporaryFolder(), 'steam.json');
  writeFileSync(path, content);

  await expect(readPublished('steam', path)).rejects.toThrow(message);
});

test.each(['steam', 'mind', 'recbole'] as const)('%s has no ratings', async (name) => {
  const path = join(temporaryFolder(), 'file.tsv');
  writeFileSync(path, '');

  await expect(readPublished(name, path, { minRating: 3 })).rejects.toThrow(/minRating needs/);
});
