import { type BundleItem, openBundle, type Recommender } from '@rodpo/serving';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { itemFilter } from '../src/http/item-filter.ts';
import { idOf, itemCount, smallBundle } from './small-bundle.ts';
import { start } from './start.ts';

let folder: string;
let recommender: Recommender;
beforeAll(async () => {
  folder = await smallBundle();
  recommender = await openBundle(folder, { threads: 1 });
});
afterAll(() => recommender.dispose());

test('an answer is the one of the bundle', async () => {
  const { service, ask } = await start(folder);
  await service.opened;
  const requests = [
    {},
    { history: ['03', 'gone', '08'], count: 4 },
    { history: ['05'], exclude: ['07'], repeats: true, diversity: 0.4 },
    { history: ['05'], filter: { ids: ['09', '01', 'never'] } },
  ];
  for (const request of requests) {
    const response = await ask(request);
    const { filter, ...rest } = request;
    const own = await recommender.recommend({ ...rest, ...(filter ? { filter: filter.ids } : {}) });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(own);
  }
});

test('a list is answered with a list, in its order', async () => {
  const { ask } = await start(recommender);
  const requests = Array.from({ length: 150 }, (_, user) => ({
    history: [idOf(user % itemCount), idOf((7 * user) % itemCount)],
    count: 1 + (user % 9),
  }));

  expect(await (await ask(requests)).json()).toEqual(await recommender.recommendAll(requests));
});

test.each([
  [{ third: 1 }, (item: number) => item % 3 === 1],
  [{ third: [0, 2] }, (item: number) => item % 3 !== 1],
  [{ price: { from: 5, to: 10 } }, (item: number) => item >= 10 && item <= 20],
  [{ price: { to: 2 }, third: 0 }, (item: number) => item <= 4 && item % 3 === 0],
  [{ tags: 't2' }, (item: number) => item % 5 === 2],
  [{ tags: ['t1', 't3'] }, (item: number) => item % 5 === 1 || item % 5 === 3],
  [{ third: '1' }, () => false],
  [{ nothing: { from: 0 } }, () => false],
])('attributes %j choose among the items', async (attributes, passes) => {
  const { ask } = await start(recommender);
  const request = { history: ['048'], repeats: true, count: itemCount };
  const response = await ask({ ...request, filter: { attributes } });
  const all = await recommender.recommend(request);

  expect(response.status).toBe(200);
  expect(((await response.json()) as typeof all).items).toEqual(
    all.items.filter(({ id }) => passes(Number(id))),
  );
});

test('ids and attributes of a filter must both fit', async () => {
  const { ask } = await start(recommender);
  const filter = { ids: ['03', '04', '06'], attributes: { third: 0 } };
  const answer = (await (await ask({ filter })).json()) as { items: { id: string }[] };

  expect(answer.items.map(({ id }) => id).sort()).toEqual(['03', '06']);
});

test('a list of values is read once, however many items are asked about', () => {
  let reads = 0;
  const values = new Proxy([3, 5], {
    get: (list, place) => {
      reads++;
      return Reflect.get(list, place);
    },
  });
  const passes = itemFilter({ attributes: { third: values } }) as (item: BundleItem) => boolean;
  const once = reads;
  const found = [1, 3, 4, 5].filter((third) => passes({ id: '', attributes: { third } }));

  expect(found).toEqual([3, 5]);
  expect(reads).toBe(once);
});

test('similar items are those of the bundle', async () => {
  const { get } = await start(recommender);
  const response = await get('/items/05/similar?count=3');
  const unknown = await get('/items/gone/similar');

  expect(await response.json()).toEqual({ items: await recommender.similar('05', { count: 3 }) });
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({
    code: 'unknown-item',
    message: expect.stringContaining('"gone"'),
  });
});

test('every answer has its request id, the bundle and headers that keep it from being guessed at', async () => {
  const { get, log } = await start(recommender);
  const { headers } = await get('/items/05/similar', { 'X-Request-Id': 'mine-1' });
  const missing = await get('/');

  expect(headers.get('X-Request-Id')).toBe('mine-1');
  expect(headers.get('Bundle-Version')).toMatch(/^[0-9a-f]{12}$/);
  for (const one of [headers, missing.headers]) {
    expect(one.get('X-Content-Type-Options')).toBe('nosniff');
  }
  expect(missing.status).toBe(404);
  const requests = log.filter(({ msg }) => msg === 'request');
  expect(requests).toMatchObject([
    { requestId: 'mine-1', method: 'GET', path: '/items/05/similar', status: 200 },
    { requestId: missing.headers.get('X-Request-Id'), path: '/', status: 404 },
  ]);
  for (const { latencyMs } of requests) expect(latencyMs).toBeGreaterThan(0);
});

test('the page of documents loads nothing, and lists every operation', async () => {
  const { get } = await start(recommender);
  const page = await get('/docs');
  const text = await page.text();
  const document = (await (await get('/openapi.json')).json()) as { paths: object };

  expect(page.headers.get('Content-Security-Policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-/,
  );
  expect(text).not.toMatch(/<script|src=|https?:|@import/);
  for (const path of Object.keys(document.paths)) expect(text).toContain(` ${path}<`);
  expect(Object.keys(document.paths)).toEqual([
    '/recommend',
    '/items/{id}/similar',
    '/health',
    '/ready',
    '/metrics',
  ]);
});
