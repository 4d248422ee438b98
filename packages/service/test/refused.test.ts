import { request } from 'node:http';
import { openBundle, type Recommender } from '@rodpo/serving';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createService } from '../src/index.ts';
import { smallBundle } from './small-bundle.ts';
import { start } from './start.ts';

let recommender: Recommender;
beforeAll(async () => {
  recommender = await openBundle(await smallBundle(), { threads: 1 });
});
afterAll(() => recommender.dispose());

test.each([
  ['{"history": ["01"', 'The body is no JSON'],
  ['', 'The body is no JSON'],
  ['[]', 'expected array to have >=1 items'],
  ['null', 'expected object'],
  ['7', 'expected object'],
  ['{"histroy": ["01"]}', 'expected no other fields than "history", "times", "count",'],
  [
    '{"filter": {"colour": 3}}',
    'filter: expected no other fields than "ids", "attributes", got "colour"',
  ],
  ['{"history": "01"}', 'history: '],
  ['{"history": [1]}', 'history[0]: '],
  ['{"count": 0}', 'count: '],
  ['{"count": 1.5}', 'count: '],
  ['{"count": 100000}', 'count: '],
  ['{"diversity": 2}', 'diversity: '],
  [
    '{"filter": {"attributes": {"a": {"below": 3}}}}',
    'a: expected no other fields than "from", "to", got "below"',
  ],
  ['{"filter": {"attributes": {"__proto__": 3}}}', 'filter.attributes: expected names'],
  ['[{}, {"count": "3"}]', '[1].count: '],
])('the body %s is refused with what does not fit', async (body, message) => {
  const { url } = await start(recommender);
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/recommend`, { method: 'POST', headers, body });
  const told = (await response.json()) as { message: string };

  expect(response.status).toBe(400);
  expect(told).toMatchObject({
    code: 'bad-request',
    requestId: response.headers.get('X-Request-Id'),
  });
  expect(told.message).toContain(message);
});

test('what only the model can tell does not spoil the other requests of its batch', async () => {
  const readsTimes: Recommender = {
    ...recommender,
    check: ({ times }, name) => {
      if (!times) recommender.check({ count: 0 }, name);
    },
  };
  const { ask } = await start(readsTimes, { windowMs: 50 });
  const [good, bad, list] = await Promise.all([
    ask({ times: [] }),
    ask({}),
    ask([{ times: [] }, {}]),
  ]);

  expect(good.status).toBe(200);
  expect(bad.status).toBe(400);
  expect(await bad.json()).toMatchObject({ message: expect.stringContaining('request.count') });
  expect(list.status).toBe(400);
  expect(await list.json()).toMatchObject({ message: expect.stringContaining('[1].count') });
});

test('a body that does not say that it is JSON is refused, not read as an empty request', async () => {
  const { url } = await start(recommender);
  const response = await fetch(`${url}/recommend`, { method: 'POST', body: '{"history": ["01"]}' });

  expect(response.status).toBe(415);
  expect(await response.json()).toMatchObject({ code: 'not-json' });
});

test.each([
  'application/json',
  'Application/JSON',
  'application/json;',
  'application/json ; charset=utf-8',
  'application/json;charset="utf-8"',
  'application/json; charset=utf-8; profile="a b"',
])('a body of the type %s is JSON', async (type) => {
  const { service, url } = await start(recommender);
  const own = { method: 'POST', headers: { 'Content-Type': type }, body: '{"count": 3}' };
  // Over the network and mounted in another app, which hands over requests of another class.
  for (const response of [
    await fetch(`${url}/recommend`, own),
    await service.app.request('/recommend', own),
  ]) {
    expect(response.status).toBe(200);
    expect(((await response.json()) as { items: object[] }).items).toHaveLength(3);
  }
});

test.each([
  'text/plain',
  'application/jsonp',
  'application/ld+json',
  'text/plain; application/json',
])('a body of the type %s is refused by its type', async (type) => {
  const { url } = await start(recommender);
  const headers = { 'Content-Type': type };
  const response = await fetch(`${url}/recommend`, { method: 'POST', headers, body: '{}' });

  expect(response.status).toBe(415);
  expect(await response.json()).toMatchObject({
    code: 'not-json',
    message: expect.stringContaining('"Content-Type: application/json"'),
  });
});

test.each(['count=x', 'count=0', 'count=1e9', 'count=99999', 'count=-1', 'count='])(
  'similar items with %s are refused',
  async (query) => {
    const { get } = await start(recommender);
    const response = await get(`/items/05/similar?${query}`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ problems: [{ path: 'count' }] });
  },
);

test.each(['Content-Length', 'chunked'])('a body beyond the limit is refused: %s', async (how) => {
  const { url, ask } = await start(recommender, { bodyLimitBytes: 500 });
  const body = JSON.stringify({ history: Array.from({ length: 200 }, () => '01') });
  const response = await fetch(`${url}/recommend`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    ...(how === 'chunked' ? { body: new Blob([body]).stream(), duplex: 'half' } : { body }),
  } as RequestInit);

  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ code: 'too-large' });
  expect((await ask({})).status).toBe(200);
});

test('with a token, only whoever shows it is answered; whether it lives, anybody may ask', async () => {
  const { url, get } = await start(recommender, { token: 'a-Token.1' });
  const statusOf = async (authorization?: string) => {
    const headers = {
      'Content-Type': 'application/json',
      ...(authorization === undefined ? {} : { Authorization: authorization }),
    };
    const response = await fetch(`${url}/recommend`, { method: 'POST', headers, body: '{}' });
    await response.text();
    return response.status;
  };

  expect(await statusOf('Bearer a-Token.1')).toBe(200);
  for (const wrong of [undefined, 'Bearer a-Token.2', 'Bearer a-Token.', 'Basic a-Token.1', '']) {
    expect(await statusOf(wrong), wrong).toBe(401);
  }
  for (const path of ['/items/05/similar', '/metrics', '/admin/reload', '/items/x']) {
    const response = await get(path);
    expect(response.status, path).toBe(401);
    expect(response.headers.get('WWW-Authenticate')).toMatch(/^Bearer /);
    expect(await response.json()).toMatchObject({ code: 'unauthorized' });
  }
  for (const path of ['/health', '/ready', '/openapi.json', '/docs']) {
    expect((await get(path)).status, path).toBe(200);
  }
});

test('without a token nobody can reload', async () => {
  const { url } = await start(recommender);
  const response = await fetch(`${url}/admin/reload`, { method: 'POST' });

  expect(response.status).toBe(404);
});

test.each([
  [{ windowMs: -1 }, 'windowMs'],
  [{ batchSize: 0 }, 'batchSize'],
  [{ queueSize: 1.5 }, 'queueSize'],
  [{ timeoutMs: 0 }, 'timeoutMs'],
  [{ bodyLimitBytes: 0 }, 'bodyLimitBytes'],
  [{ token: '' }, 'The token must be'],
  [{ token: 'secret with spaces' }, 'The token must be'],
])('the options %j are refused, and a token is not shown', (options, message) => {
  expect(() => createService(recommender, options)).toThrow(message);
  expect(() => createService(recommender, options)).not.toThrow(/secret/);
});

test('an address that is taken is told', async () => {
  const { url } = await start(recommender);
  const second = createService(recommender);

  await expect(second.listen({ port: Number(new URL(url).port) })).rejects.toThrow(
    /Another program listens at "127.0.0.1", port \d+/,
  );
  await second.close();
});

test('paths that are no text, and hosts that are none, are no fault of the service', async () => {
  const { url } = await start(recommender);
  const port = Number(new URL(url).port);
  for (const [path, host] of [
    ['/items/%E0%A4%A/similar', 'a'],
    ['//x/../..', 'a'],
    ['/recommend', 'a b'],
    ['/health', ''],
  ] as const) {
    const status = await new Promise<number>((resolve, reject) => {
      request({ port, path, headers: { Host: host } }, (response) => {
        resolve(response.resume().statusCode!);
      })
        .on('error', reject)
        .end();
    });
    expect(status, path).toBeLessThan(500);
  }
});
