import { isActionable } from '@rodpo/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RequestError, UnknownItemError } from '../src/answer/request.ts';
import type { Bundle } from '../src/bundle/bundle.ts';
import { writeBundle } from '../src/bundle/write-bundle.ts';
import { openBundle } from '../src/open-bundle.ts';
import type { Recommender } from '../src/recommender.ts';
import { idOf, newFolder } from './models.ts';
import { openFromAddress } from './open-from-address.ts';
import { ranked, smallBundle, vectorOf } from './small-bundle.ts';

const itemCount = 50;
const bundle: Bundle = await smallBundle(itemCount);
const folder = await newFolder();
await writeBundle(folder, bundle);

const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);
const itemsAfter = (last: number) => ranked(bundle, vectorOf(bundle, last)).map(({ item }) => item);
const byCount = () =>
  [...bundle.counts.keys()].sort((a, b) => bundle.counts[b]! - bundle.counts[a]! || a - b);

const ways = {
  'onnxruntime-node, from its folder': (where: string): Promise<Recommender> =>
    openBundle(where, { threads: 1 }),
  'onnxruntime-web, from an address': openFromAddress,
};

describe.each(Object.entries(ways))('%s', (_, open) => {
  let recommender: Recommender;
  beforeAll(async () => {
    recommender = await open(folder);
  });
  afterAll(() => recommender.dispose());

  test('an answer is what scores best, with what is known of it, without the history', async () => {
    const answer = await recommender.recommend({ history: ['03', '08', '05'], count: 4 });
    const expected = itemsAfter(5).filter((item) => ![3, 8, 5].includes(item));

    expect(answer).toMatchObject({ source: 'model', unknown: [] });
    expect(idsOf(answer.items)).toEqual(expected.slice(0, 4).map(idOf));
    const [first] = expected;
    const own = ranked(bundle, vectorOf(bundle, 5)).find(({ item }) => item === first);
    expect(answer.items[0]).toEqual({ ...bundle.items[first!], score: own!.score });
  });

  test('disposed of, it answers what was asked before, and refuses what is asked then', async () => {
    const own = await open(folder);
    const before = own.recommend({ history: ['05'] });
    await Promise.all([own.dispose(), own.dispose()]);
    const refused = /disposed of\. Open it again/;

    expect((await before).items).toHaveLength(10);
    // By popularity, too, which needs no session.
    for (const request of [{ history: ['05'] }, {}]) {
      await expect(own.recommend(request)).rejects.toThrow(refused);
      await expect(own.recommendAll([request])).rejects.toThrow(refused);
    }
    await expect(own.similar('05')).rejects.toThrow(refused);
    await expect(own.add([])).rejects.toThrow(refused);
    await own.dispose();
  });

  test('what was refused by itself does not keep it from being disposed of', async () => {
    const own = await open(folder);
    const refused = own.similar('gone');
    const disposed = own.dispose();

    await expect(refused).rejects.toThrow(UnknownItemError);
    await disposed;
  });

  test('repeats are allowed if asked for, and ten items are the default', async () => {
    const { items } = await recommender.recommend({ history: ['03', '05'], repeats: true });

    expect(idsOf(items)).toEqual(itemsAfter(5).slice(0, 10).map(idOf));
  });

  test('items that the bundle does not have are left out and told', async () => {
    const history = ['gone', '05', '5', 'lost'];
    const answer = await recommender.recommend({ history, exclude: ['never', '07'] });
    const expected = itemsAfter(5).filter((item) => item !== 5 && item !== 7);

    expect(answer).toMatchObject({ source: 'model', unknown: ['gone', '5', 'lost'] });
    expect(idsOf(answer.items)).toEqual(expected.slice(0, 10).map(idOf));
  });

  test.each([
    [undefined, []],
    [[], []],
    [
      ['gone', 'lost'],
      ['gone', 'lost'],
    ],
  ])('the history %j is answered by popularity', async (history, unknown) => {
    const answer = await recommender.recommend({
      ...(history ? { history } : {}),
      exclude: ['01'],
    });
    const expected = byCount().filter((item) => item !== 1);

    expect(answer).toMatchObject({ source: 'popularity', unknown });
    expect(idsOf(answer.items)).toEqual(expected.slice(0, 10).map(idOf));
    expect(answer.items[0]!.score).toBe(bundle.counts[expected[0]!]);
  });

  test('the best of those that pass a filter, by their attributes or by their ids', async () => {
    const third = await recommender.recommend({
      history: ['05'],
      filter: ({ attributes }) => attributes!.third === 1,
    });
    const some = ['09', '01', 'never', '020'];
    const listed = await recommender.recommend({ history: ['05'], filter: some });
    const popular = await recommender.recommend({ filter: some });

    const expected = itemsAfter(5).filter((item) => item % 3 === 1 && item !== 5);
    expect(idsOf(third.items)).toEqual(expected.slice(0, 10).map(idOf));
    const known = [9, 1, 20];
    expect(idsOf(listed.items)).toEqual(
      itemsAfter(5)
        .filter((item) => known.includes(item))
        .map(idOf),
    );
    expect(idsOf(popular.items)).toEqual(
      byCount()
        .filter((item) => known.includes(item))
        .map(idOf),
    );
  });

  test('diversity chooses among a pool, of whatever source', async () => {
    const plain = await recommender.recommend({ history: ['05'], diversity: 0 });
    const diverse = await recommender.recommend({ history: ['05'], diversity: 0.7 });
    const popular = await recommender.recommend({ diversity: 0.7 });

    expect(idsOf(plain.items)).toEqual(
      itemsAfter(5)
        .filter((item) => item !== 5)
        .slice(0, 10)
        .map(idOf),
    );
    for (const { items } of [diverse, popular]) expect(new Set(idsOf(items)).size).toBe(10);
    expect(diverse.items[0]).toEqual(plain.items[0]);
    expect(meanCosine(diverse.items)).toBeLessThan(meanCosine(plain.items) - 0.2);
    expect(popular.items[0]!.id).toBe(idOf(byCount()[0]!));
  });

  test('of many items, different ones are chosen among a thousand more than are asked for', async () => {
    const many = await newFolder();
    await writeBundle(many, await smallBundle(1500, {}, 500));
    const large = await open(many);
    const best = async (count: number) => idsOf((await large.recommend({ count })).items);
    const [few, more] = [await best(100), await best(1200)];
    // By difference alone, so that as good as all of the pool are at some place asked for.
    const ten = await large.recommend({ count: 10, diversity: 1 });
    const hundreds = await large.recommend({ count: 200, diversity: 1 });
    await large.dispose();

    expect(few).toEqual(expect.arrayContaining(idsOf(ten.items)));
    expect(more).toEqual(expect.arrayContaining(idsOf(hundreds.items)));
    expect(few).not.toEqual(expect.arrayContaining(idsOf(hundreds.items)));
  });

  test('between long answers of a list, others have their turn', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const seen: number[] = [];
    const slow = {
      filter: () => {
        if (seen.push(turns) % 10 === 0) spin(30);
        return true;
      },
    };
    await recommender.recommendAll([slow, slow, slow]);
    clearInterval(timer);
    // Ten items each, the last of which takes long.
    const [first, second, third] = [seen[9]!, seen[19]!, seen[29]!];

    expect(seen).toHaveLength(30);
    expect(second).toBeGreaterThan(first);
    expect(third).toBeGreaterThan(second);
  });

  test('many requests have the answers that each has alone, in their order', async () => {
    const requests = Array.from({ length: 90 }, (_, user) => ({
      ...(user % 7 === 0
        ? {}
        : { history: [idOf((3 * user) % itemCount), idOf(user % itemCount)] }),
      count: 1 + (user % 60),
    }));
    const together = await recommender.recommendAll(requests);

    expect(together).toHaveLength(90);
    for (const [user, request] of requests.entries()) {
      expect(together[user]).toEqual(await recommender.recommend(request));
    }
    expect(await recommender.recommendAll([])).toEqual([]);
  });

  test('similar items have the greatest cosines', async () => {
    const found = await recommender.similar('05', { count: 6 });
    const even = await recommender.similar('05', { filter: (item) => Number(item.id) % 2 === 0 });
    const own = vectorOf(bundle, 5);
    const cosines = ranked(bundle, own)
      .filter(({ item }) => item !== 5)
      .map(({ item, score }) => {
        const lengths = Math.hypot(...own) * Math.hypot(...vectorOf(bundle, item));
        return { item, cosine: lengths > 0 ? score / lengths : 0 };
      })
      .sort((a, b) => b.cosine - a.cosine);

    expect(found.map(({ score }) => score)).toEqual(
      cosines.slice(0, 6).map(({ cosine }) => expect.closeTo(cosine, 6)),
    );
    expect(idsOf(found)).not.toContain('05');
    expect(even.every(({ id }) => Number(id) % 2 === 0)).toBe(true);
    expect(even).toHaveLength(10);
  });

  test('items and the manifest can be looked at', () => {
    expect(recommender.item('04')).toEqual(bundle.items[4]);
    expect(recommender.items).toEqual(bundle.items);
    expect(recommender.item('4')).toBeUndefined();
    expect(recommender.manifest).toMatchObject({ model: 'the last item', metrics: bundle.metrics });
  });

  test.each([
    [{ count: 0 }, 'requests[0].count must be a positive integer, got 0'],
    [{ count: 1.5 }, 'got 1.5'],
    [{ diversity: 1.1 }, 'requests[0].diversity must be from 0 to 1, got 1.1'],
    [{ diversity: Number.NaN }, 'got NaN'],
  ])('the request %j is refused', async (request, message) => {
    const asked = recommender.recommend({ history: ['05'], ...request });

    await expect(asked).rejects.toThrow(RequestError);
    await expect(asked).rejects.toThrow(message);
    await expect(asked.catch(isActionable)).resolves.toBe(true);
    expect(() => recommender.check({ history: ['05'], ...request }, 'mine')).toThrow(/^mine\./);
  });

  test('a request that can be answered is no error to ask about', () => {
    expect(() =>
      recommender.check({ history: ['05', 'gone'], count: 3, diversity: 1 }),
    ).not.toThrow();
  });

  test('an unknown item has no similar ones', async () => {
    await expect(recommender.similar('gone')).rejects.toThrow(UnknownItemError);
    await expect(recommender.similar('05', { count: 0 })).rejects.toThrow(RequestError);
  });

  test('an encoder that reads times is asked nothing without them', async () => {
    const times = { first: 0, last: 10, count: 8, perOctave: 1 };
    const own = await newFolder();
    await writeBundle(own, { ...bundle, settings: { ...bundle.settings, times } });
    const timed = await open(own);
    const asked = (given?: number[]) =>
      timed.recommend({ history: ['05', '06'], ...(given ? { times: given } : {}) });

    await expect(asked()).rejects.toThrow(/times must have one of each of the 2 items.*, got none/);
    await expect(asked([1])).rejects.toThrow(/got 1\./);
    await expect(asked([2, 1])).rejects.toThrow(/in order, oldest first, got 1 at 1/);
    await expect(asked([1, Number.NaN])).rejects.toThrow(RequestError);
    expect((await asked([1, 2])).source).toBe('model');
    expect((await timed.recommend({})).source).toBe('popularity');
    await timed.dispose();
  });
});

/** Takes the thread for so many milliseconds. */
function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function meanCosine(items: readonly { readonly id: string }[]): number {
  const vectors = items.map(({ id }) => [...vectorOf(bundle, Number(id))]);
  const product = (a: number[], b: number[]) =>
    a.reduce((sum, value, at) => sum + value * b[at]!, 0);
  const pairs = vectors.flatMap((a, at) => vectors.slice(at + 1).map((b) => [a, b] as const));
  const cosines = pairs.map(([a, b]) => product(a, b) / Math.sqrt(product(a, a) * product(b, b)));
  return cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
}
