import { openBundle, type Recommender } from '@rodpo/serving';
import * as runtime from 'onnxruntime-node';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { idOf, smallBundle } from './small-bundle.ts';
import { gated, queueLength, start, until } from './start.ts';

let recommender: Recommender;
beforeAll(async () => {
  recommender = await openBundle(await smallBundle(), { threads: 1 });
});
afterAll(() => recommender.dispose());

/** Runs of the encoder from now on: nothing else is given vectors. */
function countEncoderRuns(): () => number {
  // Typed as a factory, it is a class.
  const { prototype } = runtime.InferenceSession as unknown as {
    readonly prototype: { run(inputs: object): unknown };
  };
  const run = vi.spyOn(prototype, 'run');
  onTestFinished(() => run.mockRestore());
  return () => run.mock.calls.filter(([inputs]) => 'vectors' in inputs).length;
}

const requestOf = (user: number) => ({ history: [idOf(user), idOf(user + 9)], count: 3 + user });

test('requests that come together are read by the encoder together, each answered by its own', async () => {
  const { ask } = await start(recommender, { windowMs: 5000, batchSize: 16 });
  const requests = Array.from({ length: 32 }, (_, user) => requestOf(user));
  const alone = await recommender.recommendAll(requests);
  const runs = countEncoderRuns();
  const answers = await Promise.all(requests.map(async (one) => (await ask(one)).json()));

  expect(runs()).toBe(2);
  expect(answers).toEqual(alone);
});

test('a batch that is not full begins when its window is over', async () => {
  const { ask } = await start(recommender, { windowMs: 40 });
  const runs = countEncoderRuns();
  await ask(requestOf(1));
  const started = performance.now();
  await ask(requestOf(2));

  expect(performance.now() - started).toBeGreaterThan(39);
  expect(runs()).toBe(2);
});

test('while a batch is answered, the next one gathers', async () => {
  const { recommender: slow, sizes, open } = gated(recommender);
  const started = await start(slow, { windowMs: 0, batchSize: 8 });
  const { ask } = started;
  const first = ask(requestOf(0));
  await until(() => sizes.length === 1);
  const rest = Array.from({ length: 11 }, (_, user) => ask(requestOf(user)));
  const list = ask([requestOf(1), requestOf(2)]);
  await until(async () => (await queueLength(started)) === 13);
  open();
  for (const response of await Promise.all([first, ...rest, list]))
    expect(response.status).toBe(200);

  expect(sizes).toEqual([1, 8, 5]);
});

test('a queue that is full refuses, says when to come back, and takes lists as a whole', async () => {
  const { recommender: slow, sizes, open } = gated(recommender);
  const { ask, get } = await start(slow, { windowMs: 0, batchSize: 1, queueSize: 3 });
  const first = ask(requestOf(0));
  await until(() => sizes.length === 1);
  const waiting = [ask(requestOf(1)), ask(requestOf(2))];
  await until(async () => (await queueLength({ get })) === 2);
  const list = await ask([requestOf(3), requestOf(4)]);
  const last = ask(requestOf(5));
  await until(async () => (await queueLength({ get })) === 3);
  const refused = await ask(requestOf(6));
  const similar = await get('/items/05/similar');

  for (const response of [list, refused, similar]) {
    expect(response.status).toBe(429);
    expect(response.headers.get('Retry-After')).toBe('1');
    expect(await response.json()).toMatchObject({ code: 'queue-full' });
  }
  expect((await ask(Array.from({ length: 4 }, () => ({})))).status).toBe(400);
  open();
  for (const response of await Promise.all([first, ...waiting, last])) {
    expect(response.status).toBe(200);
  }
  expect(await queueLength({ get })).toBe(0);
});

test('time-outs tell a turn that did not come from an answer that did not', async () => {
  const { recommender: slow, sizes, open } = gated(recommender);
  const { ask, get } = await start(slow, { windowMs: 0, batchSize: 1, timeoutMs: 100 });
  const first = ask(requestOf(0));
  await until(() => sizes.length === 1);
  const [begun, waited] = await Promise.all([first, ask(requestOf(1))]);

  expect(begun.status).toBe(504);
  expect(await begun.json()).toMatchObject({ code: 'too-slow' });
  expect(waited.status).toBe(503);
  expect(waited.headers.get('Retry-After')).toBe('1');
  expect(await waited.json()).toMatchObject({ code: 'overloaded' });
  expect(await queueLength({ get })).toBe(0);
  open();
  expect((await ask(requestOf(2))).status).toBe(200);
  // What was given up before its turn was never worked on.
  expect(sizes).toEqual([1, 1]);
});

test('nobody works for a client that has gone', async () => {
  const { recommender: slow, sizes, open } = gated(recommender);
  const { ask, get, url } = await start(slow, { windowMs: 0, batchSize: 1 });
  const first = ask(requestOf(0));
  await until(() => sizes.length === 1);
  const leaving = new AbortController();
  const gone = fetch(`${url}/recommend`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
    signal: leaving.signal,
  });
  await until(async () => (await queueLength({ get })) === 1);
  leaving.abort();
  await expect(gone).rejects.toThrow();
  await until(async () => (await queueLength({ get })) === 0);
  open();
  await first;

  expect(sizes).toEqual([1]);
});

test('a fault of the service is told in the log, not to the client, and spoils nothing after it', async () => {
  let fails = true;
  const { ask, log } = await start({
    ...recommender,
    recommendAll: async (requests) => {
      if (fails) throw new Error('secret detail');
      return recommender.recommendAll(requests);
    },
  });
  const response = await ask({});
  const body = await response.text();
  fails = false;

  expect(response.status).toBe(500);
  expect(body).not.toContain('secret');
  const requestId = response.headers.get('X-Request-Id');
  expect(log).toContainEqual(
    expect.objectContaining({
      requestId,
      err: expect.objectContaining({ message: 'secret detail' }),
    }),
  );
  expect((await ask({})).status).toBe(200);
});
