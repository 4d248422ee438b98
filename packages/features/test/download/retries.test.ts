import { appendFile, readFile, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type DownloadOptions, downloadImages } from '@rodpo/features/download';
import { seededRandom } from '@rodpo/random';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  catalogue,
  deferred,
  imagesIn,
  localOptions,
  pngBytes,
  startServer,
} from './image-server.ts';

/** A server that answers the first requests as told, and then with an image. */
function failFirst(...answers: { status: number; retryAfter?: string }[]) {
  return startServer((_request, response) => {
    const answer = answers.shift();
    if (answer) response.statusCode = answer.status;
    if (answer?.retryAfter) response.setHeader('retry-after', answer.retryAfter);
    response.end(pngBytes());
  });
}

/** Notes how long would have been slept. */
function recordSleeps(now?: () => number) {
  const sleeps: number[] = [];
  const sleep = async (milliseconds: number) => void sleeps.push(milliseconds);
  return { sleeps, system: { sleep, ...(now && { now }) } };
}

async function lines(folder: string) {
  const text = await readFile(join(folder, 'failures.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
}

test.each([500, 502, 503, 504, 408, 425, 429])(
  'HTTP %i passes: it is asked again',
  async (status) => {
    const server = await failFirst({ status }, { status });
    const { sleeps, system } = recordSleeps();

    const report = await downloadImages(
      catalogue(server.url('/')),
      await localOptions(server, { system }),
    );

    expect(report).toEqual({ downloaded: 1, cached: 0, failures: [] });
    expect(server.asked).toHaveLength(3);
    expect(sleeps).toHaveLength(2);
  },
);

test('what does not pass in time fails for this run, and is asked again in the next', async () => {
  const server = await failFirst(...Array(4).fill({ status: 503 }));
  const { system } = recordSleeps();
  const options = await localOptions(server, { system });
  const source = catalogue(server.url('/a'));

  const report = await downloadImages(source, options);
  expect(report.failures).toEqual([
    { id: '0', reason: 'unreachable', message: `HTTP 503 from ${server.url('/a')} (4 attempts)` },
  ]);
  expect(server.asked).toHaveLength(4);
  expect(await lines(options.folder)).toEqual([]);

  expect(await downloadImages(source, options)).toMatchObject({ downloaded: 1 });
});

test('waits double, with a drawn half, up to the longest', async () => {
  const server = await failFirst(...Array(5).fill({ status: 500 }));
  const { sleeps, system } = recordSleeps();
  const options = await localOptions(server, {
    attempts: 6,
    backoffMilliseconds: 100,
    maxBackoffMilliseconds: 1000,
    random: seededRandom(5),
    system,
  });

  await downloadImages(catalogue(server.url('/')), options);

  const random = seededRandom(5);
  const halves = [50, 100, 200, 400, 500]; // of 100, 200, 400, 800 and 1600, cut to 1000
  expect(sleeps).toEqual(halves.map((half) => half * (1 + random())));
});

const now = Date.UTC(1994, 10, 6, 8, 49, 7); // 30 s before the date of the RFC's examples

// The image waits, and so does the turn of its host unless there is nothing to wait for.
test.each([
  { retryAfter: '7', waits: [7000, 7000] },
  { retryAfter: '0', waits: [100] }, // the usual wait is the least
  { retryAfter: 'Sun, 06 Nov 1994 08:49:37 GMT', waits: [30_000, 30_000] },
  { retryAfter: 'Sunday, 06-Nov-94 08:49:37 GMT', waits: [30_000, 30_000] },
  { retryAfter: 'Sun Nov  6 08:49:37 1994', waits: [30_000, 30_000] },
  { retryAfter: 'Sun, 06 Nov 1994 08:00:00 GMT', waits: [100] }, // past
  { retryAfter: '86400', waits: [60_000, 60_000] }, // longer than maxBackoffMilliseconds
  { retryAfter: '9'.repeat(400), waits: [60_000, 60_000] },
  { retryAfter: 'soon', waits: [100] },
  { retryAfter: '-5', waits: [100] },
])('a server that says Retry-After: $retryAfter is left alone for $waits ms', async (row) => {
  vi.stubEnv('TZ', 'America/New_York'); // dates are in GMT, wherever this runs
  onTestFinished(() => void vi.unstubAllEnvs());
  const server = await failFirst({ status: 429, retryAfter: row.retryAfter });
  const { sleeps, system } = recordSleeps(() => now);
  const random = () => 1 - Number.EPSILON / 2;
  const options = await localOptions(server, { backoffMilliseconds: 100, random, system });

  const report = await downloadImages(catalogue(server.url('/')), options);

  expect(report.downloaded).toBe(1);
  expect(sleeps.map(Math.round)).toEqual(row.waits);
});

test('while a host wants to be left alone, other images of it wait as well', async () => {
  const answers = [{ status: 429, retryAfter: '9' }];
  const server = await startServer((_request, response) => {
    const { status = 200, retryAfter = '' } = answers.shift() ?? {};
    response.writeHead(status, { 'retry-after': retryAfter }).end(pngBytes());
  });
  const awake = deferred();
  const asleep: number[] = [];
  const sleep = (milliseconds: number) => {
    asleep.push(milliseconds);
    return awake.promise;
  };
  const urls = ['/1', '/2', '/3'].map((path) => server.url(path));
  const other = server.url('/other', 'other.example');
  const otherDone = deferred();
  const options = await localOptions(server, {
    concurrencyPerHost: 1,
    onProgress: () => otherDone.resolve(),
    system: { sleep },
  });

  const run = downloadImages(catalogue(...urls, other), options);
  await otherDone.promise;
  await new Promise((resolve) => setTimeout(resolve, 20)); // time in which others could ask
  expect(server.asked).toHaveLength(2); // one image of the host, and the other host's
  expect(asleep).toEqual([9000, 9000]); // the host's turn, and the image's
  awake.resolve();

  expect(await run).toMatchObject({ downloaded: 4 });
});

test.each([
  { status: 404, reason: 'missing' },
  { status: 410, reason: 'missing' },
  { status: 401, reason: 'unreachable' },
  { status: 403, reason: 'unreachable' },
  { status: 451, reason: 'unreachable' },
  { status: 204, reason: 'unreachable' },
  { status: 304, reason: 'unreachable' },
])('HTTP $status is remembered as $reason: asked once, and never again', async (row) => {
  const server = await failFirst({ status: row.status });
  const options = await localOptions(server);
  const url = server.url('/x');

  const first = await downloadImages(catalogue(url), options);
  const second = await downloadImages(catalogue(url), options);

  const message = `HTTP ${row.status} from ${url} (1 attempt)`;
  expect(first.failures).toEqual([{ id: '0', reason: row.reason, message }]);
  expect(second.failures).toEqual([
    { id: '0', reason: row.reason, message: `${message} (in an earlier run)` },
  ]);
  expect(server.asked).toEqual(['/x']);
  expect(await lines(options.folder)).toMatchObject([{ url, reason: row.reason, message }]);
});

test('retryFailed asks again; what then succeeds stays', async () => {
  const server = await failFirst({ status: 404 });
  const options = await localOptions(server);
  const source = catalogue(server.url('/'));
  await downloadImages(source, options);

  const again = await downloadImages(source, { ...options, retryFailed: true });
  expect(again).toMatchObject({ downloaded: 1, failures: [] });

  expect(await downloadImages(source, options)).toMatchObject({ cached: 1, failures: [] });
});

test.each<{ reason: string; strict: Partial<DownloadOptions>; lax: Partial<DownloadOptions> }>([
  { reason: 'tooLarge', strict: { maxBytes: 100 }, lax: { maxBytes: 1000 } },
  { reason: 'refused', strict: { allowPrivateAddresses: false }, lax: {} },
  { reason: 'unreachable', strict: { maxRedirects: 0 }, lax: { maxRedirects: 1 } },
])('$reason counts only under the settings that caused it', async ({ reason, strict, lax }) => {
  const server = await startServer((request, response) => {
    if (request.url === '/') response.writeHead(302, { location: '/image' });
    response.end(pngBytes(200));
  });
  const options = await localOptions(server);
  const source = catalogue(server.url('/'));

  const first = await downloadImages(source, { ...options, ...strict });
  expect(first.failures).toMatchObject([{ reason }]);
  const second = await downloadImages(source, { ...options, ...strict });
  expect(second.failures[0]!.message).toContain('in an earlier run');

  const third = await downloadImages(source, { ...options, ...lax });
  expect(third).toEqual({ downloaded: 1, cached: 0, failures: [] });
});

test('half a line, left by a run that was killed, costs one request and spoils no other line', async () => {
  const server = await startServer((_request, response) => response.writeHead(404).end());
  const options = await localOptions(server, { concurrency: 1 });
  const source = catalogue(server.url('/a'), server.url('/b'));
  await downloadImages(catalogue(server.url('/a')), options);
  await downloadImages(source, options);
  const path = join(options.folder, 'failures.jsonl');
  await truncate(path, (await readFile(path)).length - 10);
  server.asked.length = 0;

  await downloadImages(source, options);
  expect(server.asked).toEqual(['/b']);
  await downloadImages(source, options);
  expect(server.asked).toEqual(['/b']);
});

test.each(['null', '7', '{}', '"x"', '{"key":5}', '\0'])(
  'a line that is not ours is passed over: %j',
  async (line) => {
    const server = await failFirst();
    const options = await localOptions(server);
    await appendFile(join(options.folder, 'failures.jsonl'), `${line}\n`);

    expect(await downloadImages(catalogue(server.url('/')), options)).toMatchObject({
      downloaded: 1,
    });
  },
);

test('a connection that is reset in the middle of a body is tried again', async () => {
  let isFirst = true;
  const server = await startServer((request, response) => {
    if (!isFirst) return void response.end(pngBytes(100_000));
    isFirst = false;
    response.write(pngBytes(50_000), () => request.socket.resetAndDestroy());
  });
  const options = await localOptions(server);

  const report = await downloadImages(catalogue(server.url('/')), options);

  expect(report.downloaded).toBe(1);
  expect(server.asked).toHaveLength(2);
  const [file] = await imagesIn(options.folder);
  expect(await readFile(join(options.folder, file!))).toEqual(pngBytes(100_000));
});

test.each([
  { lie: 'more than comes', header: 'Content-Length: 500' },
  { lie: 'less than comes', header: 'Content-Length: 100' },
  { lie: 'two lengths', header: 'Content-Length: 200\r\nContent-Length: 300' },
  { lie: 'chunks that are none', header: 'Transfer-Encoding: chunked' },
])('a body of which the header says $lie is not kept', async ({ header }) => {
  let requests = 0;
  const raw = createServer((socket) => {
    socket.on('error', () => {}); // the client may hang up
    socket.once('data', () => {
      requests++;
      socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n`), pngBytes()]));
    });
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void raw.close());
  const { port } = raw.address() as { port: number };
  const options = await localOptions({ port }, { attempts: 2 });

  const report = await downloadImages(catalogue(`http://shop.example:${port}/`), options);

  expect(report.failures).toMatchObject([{ reason: 'unreachable' }]);
  expect(requests).toBe(2);
  expect(await imagesIn(options.folder)).toEqual([]);
});

test('a server that is not there, and a name that is unknown, are tried as often as others', async () => {
  const server = await startServer((_request, response) => response.end(pngBytes()));
  let lookups = 0;
  const lookup = async () => {
    lookups++;
    throw new Error('ENOTFOUND');
  };
  const unknown = await localOptions(server, { attempts: 3, system: { lookup } });
  const report = await downloadImages(catalogue(server.url('/')), unknown);
  expect(report.failures).toEqual([
    {
      id: '0',
      reason: 'unreachable',
      message: 'shop.example could not be resolved: ENOTFOUND (3 attempts)',
    },
  ]);
  expect(lookups).toBe(3);

  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  const absent = await localOptions({ port }, { attempts: 2 });
  const refused = await downloadImages(catalogue(`http://shop.example:${port}/`), absent);
  expect(refused.failures).toMatchObject([{ reason: 'unreachable' }]);
  expect(refused.failures[0]!.message).toMatch(/ECONNREFUSED.*\(2 attempts\)/);
  expect(await lines(absent.folder)).toEqual([]);
});
