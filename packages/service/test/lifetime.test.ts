import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { ActionableError } from '@rodpo/errors';
import { BundleError, openBundle, type Recommender } from '@rodpo/serving';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createService } from '../src/index.ts';
import { idOf, smallBundle } from './small-bundle.ts';
import { gated, queueLength, start, until } from './start.ts';

let first: string;
let second: string;
let recommender: Recommender;
beforeAll(async () => {
  first = await smallBundle(1);
  second = await smallBundle(2);
  recommender = await openBundle(first, { threads: 1 });
});
afterAll(() => recommender.dispose());

/** A link to a bundle, and how to turn it to another in one step. */
async function linkTo(target: string) {
  const link = join(dirname(await smallBundle(9)), 'current');
  const turn = async (to: string) => {
    await symlink(to, `${link}.new`);
    await rename(`${link}.new`, link);
  };
  await turn(target);
  return { link, turn };
}

test('until the bundle is open, it is not ready, and nothing is answered', async () => {
  const { service, get, ask } = await start(first);
  const [ready, asked] = await Promise.all([get('/ready'), ask({})]);
  expect((await get('/health')).status).toBe(200);
  if (ready.status !== 200) {
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ code: 'loading' });
    expect(asked.headers.get('Retry-After')).toBe('1');
  }
  await service.opened;
  const now = await get('/ready');

  expect(now.status).toBe(200);
  expect(await now.json()).toMatchObject({ status: 'ready', model: 'seed 1', itemCount: 50 });
});

test('a first bundle that cannot be opened is told', async () => {
  const { service, get } = await start(join(first, 'nothing'));

  await expect(service.opened).rejects.toThrow(BundleError);
  for (const path of ['/ready', '/items/05/similar']) {
    const response = await get(path);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      code: 'not-opened',
      message: expect.stringContaining('could not be opened'),
    });
  }
});

test('a stop answers what has come, takes nothing more, and says that it is stopping', async () => {
  const { recommender: slow, sizes, open } = gated(recommender);
  const started = await start(slow, { windowMs: 0, batchSize: 2 });
  const { service, ask, url } = started;
  const asked = Array.from({ length: 7 }, (_, user) => ask({ history: [idOf(user)] }));
  await until(async () => sizes.length === 1 && (await queueLength(started)) === 7 - sizes[0]!);
  const closed = service.close();
  const readiness = await service.app.request('/ready');
  const refused = await fetch(`${url}/health`).catch((error) => error);
  open();

  expect(readiness.status).toBe(503);
  expect(await readiness.json()).toMatchObject({ code: 'stopping' });
  expect(refused).toBeInstanceOf(Error);
  for (const [user, response] of (await Promise.all(asked)).entries()) {
    expect(response.status).toBe(200);
    expect(response.headers.get('Connection')).toBe('close');
    expect(await response.json()).toEqual(await recommender.recommend({ history: [idOf(user)] }));
  }
  await closed;
  // One that was given opened is its owner's, and still answers.
  expect((await recommender.recommend({})).items).toHaveLength(10);
});

test('a service listens once, at one address', async () => {
  const { service, get } = await start(recommender);

  await expect(service.listen({ port: 0 })).rejects.toThrow(/listens already/);
  expect((await get('/health')).status).toBe(200);
});

test('after an address that was taken it can listen at another', async () => {
  const { url } = await start(recommender);
  const service = createService(recommender);
  onTestFinished(() => service.close());
  await service.listen({ port: Number(new URL(url).port) }).catch(() => {});
  const second = await service.listen({ port: 0 });

  expect((await fetch(`${second.url}/health`)).status).toBe(200);
});

test('one that was closed does not listen, and a close ends what has just begun to', async () => {
  const service = createService(recommender);
  const listening = service.listen({ port: 0 });
  await service.close();
  const { url } = await listening;

  await expect(fetch(`${url}/health`)).rejects.toThrow();
  await expect(service.listen({ port: 0 })).rejects.toThrow(/was closed/);
});

test('one that was closed opens no bundle', async () => {
  const token = 'secret';
  const { service, log } = await start(first, { token });
  await service.opened;
  await service.close();
  // By the route as well, which an app that it is mounted in still answers.
  const headers = { Authorization: `Bearer ${token}` };
  const refused = await service.app.request('/admin/reload', { method: 'POST', headers });

  expect(refused.status).toBe(409);
  await expect(service.reload()).rejects.toThrow(/opens nothing more/);
  expect(log.filter(({ msg }) => msg === 'bundle in service')).toHaveLength(1);
});

test.each(['its folder', 'one that is open'])(
  'mounted in another app, one of %s says after its end that it is stopping',
  async (what) => {
    const { service } = await start(what === 'its folder' ? first : recommender);
    await service.opened;
    const similar = () => service.app.request('/items/05/similar');
    const [before, closed] = [similar(), service.close()];
    const during = await similar();
    await closed;
    const after = await similar();

    expect((await before).status).toBe(200);
    // One that comes while it ends is answered as well or refused, and neither is a fault.
    expect([200, 503]).toContain(during.status);
    expect(after.status).toBe(503);
    expect(await after.json()).toMatchObject({ code: 'stopping' });
    expect((await service.app.request('/ready')).status).toBe(503);
  },
);

test('a client that never ends its request does not keep the service from stopping', async () => {
  const { service, url } = await start(recommender, { timeoutMs: 50 });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const ended = new Promise((resolve) => socket.on('close', resolve));
  socket.on('error', () => {}).resume();
  const head = ['POST /recommend HTTP/1.1', 'Host: a', 'Content-Type: application/json'];
  socket.write(`${head.join('\r\n')}\r\nContent-Length: 100\r\n\r\n{`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await service.close();
  await ended;
});

test('under load another bundle takes the place of one, and no request fails', async () => {
  const { link, turn } = await linkTo(first);
  const { service, ask, log } = await start(link, { windowMs: 1, batchSize: 4 });
  await service.opened;
  const other = await openBundle(second, { threads: 1 });
  const byModel = { seen: new Map<string, number>() };
  let isOver = false;
  const clients = Array.from({ length: 6 }, async (_, user) => {
    const request = { history: [idOf(user), idOf(40 - user)] };
    const expected = [await recommender.recommend(request), await other.recommend(request)];
    while (!isOver) {
      const response = await ask(request);
      expect(response.status).toBe(200);
      const version = response.headers.get('Bundle-Version')!;
      const answer = await response.json();
      // By whichever bundle it was answered, it was by that one alone.
      const place = expected.findIndex((one) => JSON.stringify(one) === JSON.stringify(answer));
      expect(place).toBeGreaterThanOrEqual(0);
      byModel.seen.set(`${version} ${place}`, (byModel.seen.get(`${version} ${place}`) ?? 0) + 1);
    }
  });
  for (const target of [second, first, second]) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await turn(target);
    await service.reload();
  }
  isOver = true;
  await Promise.all(clients);
  await other.dispose();

  // Two bundles, each under one version.
  const places = [...byModel.seen.keys()].map((key) => key.split(' ')[1]);
  expect(places.sort()).toEqual(['0', '1']);
  await until(() => log.filter(({ msg }) => msg === 'old bundle freed').length === 3);
});

test('a request that the old bundle has is answered by it before it is freed', async () => {
  const { link, turn } = await linkTo(first);
  const { service, ask, log, get } = await start(link, { windowMs: 400 });
  await service.opened;
  const asked = ask({ history: ['03'] });
  await until(async () => (await queueLength({ get })) === 1);
  await turn(second);
  await service.reload();
  const readyNow = (await (await get('/ready')).json()) as { model: string };
  const freedBefore = log.some(({ msg }) => msg === 'old bundle freed');
  const answer = await (await asked).json();

  expect(readyNow.model).toBe('seed 2');
  expect(freedBefore).toBe(false);
  expect(answer).toEqual(await recommender.recommend({ history: ['03'] }));
  await until(() => log.some(({ msg }) => msg === 'old bundle freed'));
});

test('a bundle that cannot be opened leaves the old one in service, and says so', async () => {
  const { link, turn } = await linkTo(first);
  const { service, ask, url, get, log } = await start(link, { token: 'one' });
  await service.opened;
  const broken = await smallBundle(3);
  await writeFile(join(broken, 'items.safetensors'), 'nothing');
  const empty = join(dirname(broken), 'empty');
  await mkdir(empty);
  const headers = { Authorization: 'Bearer one', 'Content-Type': 'application/json' };
  const before = (await (await get('/ready')).json()) as { version: string };
  for (const target of [broken, empty, join(empty, 'gone')]) {
    await turn(target);
    await expect(service.reload()).rejects.toThrow(BundleError);
    const response = await fetch(`${url}/admin/reload`, { method: 'POST', headers });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({
      code: 'reload-refused',
      message: expect.stringContaining(target.endsWith('gone') ? link : target),
    });
  }
  const asked = await fetch(`${url}/recommend`, {
    method: 'POST',
    headers,
    body: '{"history": ["03"]}',
  });

  expect(await (await get('/ready')).json()).toEqual(before);
  expect(await asked.json()).toEqual(await recommender.recommend({ history: ['03'] }));
  const refused = log.filter(({ msg }) => `${msg}`.startsWith('reload refused'));
  expect(refused).toHaveLength(6);
  expect(refused[0]).toMatchObject({ level: 50, kept: before.version });
  expect((await ask({})).status).toBe(401);
});

test('a reload by POST answers once the new bundle is in service', async () => {
  const { link, turn } = await linkTo(first);
  const { service, url, get } = await start(link, { token: 'one' });
  await service.opened;
  await turn(second);
  const response = await fetch(`${url}/admin/reload`, {
    method: 'POST',
    headers: { Authorization: 'Bearer one' },
  });

  const ready = (await (await get('/ready')).json()) as { version: string };
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ model: 'seed 2', version: ready.version });
});

test('what cannot answer is no bundle to serve, though its files are whole', async () => {
  const { link, turn } = await linkTo(first);
  const { service } = await start(link);
  await service.opened;
  const mute = await smallBundle(4, join(dirname(link), 'mute'), { encoderWidth: 3 });
  await turn(mute);

  await expect(service.reload()).rejects.toThrow();
  expect((await service.app.request('/ready')).status).toBe(200);
  await rm(mute, { recursive: true });
});

test('a bundle whose model gives no numbers is not put in service', async () => {
  const { link, turn } = await linkTo(first);
  const { service, get } = await start(link);
  await service.opened;
  const before = await (await get('/ready')).json();
  await turn(await smallBundle(4, undefined, { diverged: true }));

  await expect(service.reload()).rejects.toThrow(ActionableError);
  await expect(service.reload()).rejects.toThrow(/most popular item, got no numbers/);
  expect(await (await get('/ready')).json()).toEqual(before);
});

test('a bundle of one item is one to serve', async () => {
  const { service, ask } = await start(await smallBundle(4, undefined, { items: 1 }));
  await service.opened;

  expect(await (await ask({})).json()).toMatchObject({ items: [{ id: idOf(0) }] });
});

test('an opened bundle cannot be opened again', async () => {
  const { service } = await start(recommender);
  await service.opened;

  await expect(service.reload()).rejects.toThrow(/Give it the folder/);
});
