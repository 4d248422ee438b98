import { writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { downloadImages } from '@rodpo/features/download';
import { expect, test } from 'vitest';
import {
  catalogue,
  deferred,
  imagesIn,
  localOptions,
  pngBytes,
  startServer,
} from './image-server.ts';

test('an image of exactly maxBytes is kept, one byte more is too large', async () => {
  const server = await startServer((request, response) =>
    response.end(pngBytes(Number(request.url!.slice(1)))),
  );
  const source = catalogue(server.url('/1000'), server.url('/1001'));
  const options = await localOptions(server, { maxBytes: 1000 });

  const report = await downloadImages(source, options);

  expect(report).toEqual({
    downloaded: 1,
    cached: 0,
    failures: [
      {
        id: '1',
        reason: 'tooLarge',
        message: '1001 bytes announced, the limit is 1000 (1 attempt)',
      },
    ],
  });
});

test('what is announced as too large is not read: the client hangs up at once', async () => {
  const closed = deferred();
  const server = await startServer(async (request, response) => {
    if (request.url === '/small') {
      await closed.promise; // the run cannot end before the large one is given up
      return void response.end(pngBytes());
    }
    response.on('close', () => closed.resolve());
    response.writeHead(200, { 'content-length': 10 ** 12 });
    response.write(pngBytes()); // and never more
  });
  const source = catalogue(server.url('/large'), server.url('/small'));

  const report = await downloadImages(source, await localOptions(server));

  expect(report).toMatchObject({ downloaded: 1, failures: [{ id: '0', reason: 'tooLarge' }] });
});

test('a body that announces no length is cut off at the limit', async () => {
  let sent = 0;
  const server = await startServer((_request, response) => {
    const send = () => {
      for (let more = true; more && !response.closed; sent += 1000) {
        more = response.write(pngBytes(1000));
      }
    };
    response.on('drain', send);
    send();
  });
  const options = await localOptions(server, { maxBytes: 100_000 });

  const report = await downloadImages(catalogue(server.url('/')), options);

  expect(report.failures).toMatchObject([{ reason: 'tooLarge' }]);
  expect(report.failures[0]!.message).toBe('more bytes came, the limit is 100000 (1 attempt)');
  expect(sent).toBeLessThan(50_000_000); // buffers on the way take some
  expect(await imagesIn(options.folder)).toEqual([]);
});

test('what is compressed is not taken, and was not asked for', async () => {
  const encodings: unknown[] = [];
  const server = await startServer((request, response) => {
    encodings.push(request.headers['accept-encoding']);
    const encoding = request.url!.slice(1);
    response.setHeader('content-encoding', encoding);
    response.end(pngBytes());
  });
  const source = catalogue(...['gzip', 'br', 'identity'].map((name) => server.url(`/${name}`)));

  const report = await downloadImages(source, await localOptions(server));

  expect(report.downloaded).toBe(1);
  expect(report.failures).toMatchObject([
    { id: '0', reason: 'unsupported', message: expect.stringContaining('gzip') },
    { id: '1', reason: 'unsupported' },
  ]);
  expect(encodings).toEqual(['identity', 'identity', 'identity']);
});

test('says who is asking', async () => {
  const agents: unknown[] = [];
  const server = await startServer((request, response) => {
    agents.push(request.headers['user-agent']);
    response.end(pngBytes());
  });

  await downloadImages(catalogue(server.url('/')), await localOptions(server));
  const userAgent = 'catalogue (mail@shop.example)';
  await downloadImages(catalogue(server.url('/')), await localOptions(server, { userAgent }));

  expect(agents).toEqual(['rodpo-features (+https://github.com/rodpo/rodpo)', userAgent]);
});

test.each([
  { fact: 'no answer', answer: () => {} },
  { fact: 'headers only', answer: (response: ServerResponse) => response.flushHeaders() },
  { fact: 'half a body', answer: (response: ServerResponse) => response.write(pngBytes()) },
])('$fact: silence ends the request', async ({ answer }) => {
  const server = await startServer((_request, response) => void answer(response));
  const options = await localOptions(server, { idleTimeoutMilliseconds: 30, attempts: 2 });

  const report = await downloadImages(catalogue(server.url('/')), options);

  expect(report.failures).toEqual([
    { id: '0', reason: 'unreachable', message: 'nothing came for 30 ms (2 attempts)' },
  ]);
  expect(server.asked).toHaveLength(2);
  expect(await imagesIn(options.folder)).toEqual([]);
});

test('a body that drips is ended by the total time, though it is never silent for long', async () => {
  const server = await startServer((_request, response) => {
    response.write(pngBytes());
    const drip = setInterval(() => response.write('x'), 5);
    response.on('close', () => clearInterval(drip));
  });
  const options = await localOptions(server, { timeoutMilliseconds: 80, attempts: 1 });

  const report = await downloadImages(catalogue(server.url('/')), options);

  expect(report.failures).toMatchObject([
    { reason: 'unreachable', message: 'not complete after 80 ms (1 attempt)' },
  ]);
});

test('a body that comes slowly is kept, as long as it is not silent for too long', async () => {
  const server = await startServer((_request, response) => {
    const bytes = pngBytes(96);
    let sent = 0;
    const drip = setInterval(() => {
      response.write(bytes.subarray(sent, sent + 8));
      sent += 8;
      if (sent >= bytes.length) response.end();
      if (sent >= bytes.length) clearInterval(drip);
    }, 25); // 12 pieces: 300 ms in all
  });
  const options = await localOptions(server, { idleTimeoutMilliseconds: 200, attempts: 1 });

  expect(await downloadImages(catalogue(server.url('/')), options)).toMatchObject({
    downloaded: 1,
  });
});

test('a resolver that never answers is not waited for', async () => {
  const server = await startServer((_request, response) => response.end(pngBytes()));
  const lookup = () => new Promise<never>(() => {});
  const options = await localOptions(server, { attempts: 1, system: { lookup } });

  const report = await downloadImages(catalogue(server.url('/')), {
    ...options,
    idleTimeoutMilliseconds: 20,
  });

  expect(report.failures).toMatchObject([{ message: 'nothing came for 20 ms (1 attempt)' }]);
});

test.each([
  { concurrency: 4, concurrencyPerHost: 2, peak: 4, peakPerHost: 2 },
  { concurrency: 2, concurrencyPerHost: 5, peak: 2, peakPerHost: 2 },
  { concurrency: 9, concurrencyPerHost: 1, peak: 3, peakPerHost: 1 }, // there are three hosts
])('never more than $peak at a time, and $peakPerHost at a host', async (row) => {
  const { concurrency, concurrencyPerHost, peak, peakPerHost } = row;
  const waiting: { host: string; answer: () => void }[] = [];
  const peaks: number[] = [];
  const hostPeaks: number[] = [];
  let timer: NodeJS.Timeout | undefined;
  const server = await startServer((request, response) => {
    const host = request.headers.host!.split(':')[0]!;
    // Redirects lead from one host to the next: they count for the host where they lead.
    const number = Number(request.url!.slice(1));
    if (number % 4 === 0) response.writeHead(302, { location: server.url('/1', 'b.example') });
    waiting.push({ host, answer: () => response.end(pngBytes()) });
    peaks.push(waiting.length);
    hostPeaks.push(waiting.filter((other) => other.host === host).length);
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const { answer } of waiting.splice(0)) answer();
    }, 10); // nobody is answered before all who may ask have asked
  });
  const hosts = ['a.example', 'b.example', 'c.example'];
  // All of one host come first, so they must not keep the others waiting.
  const urls = hosts.flatMap((host) =>
    Array.from({ length: 8 }, (_, index) => server.url(`/${index}`, host)),
  );
  const options = await localOptions(server, { concurrency, concurrencyPerHost });

  const report = await downloadImages(catalogue(...urls), options);

  expect(report.downloaded).toBe(24);
  expect(Math.max(...peaks)).toBe(peak);
  expect(Math.max(...hostPeaks)).toBe(peakPerHost);
});

test('a busy host that comes first in the catalogue does not keep other hosts waiting', async () => {
  const otherAsked = deferred();
  const server = await startServer(async (request, response) => {
    if (request.url === '/other') otherAsked.resolve();
    await otherAsked.promise; // no slow image is answered before the other host is asked
    response.end(pngBytes());
  });
  const slow = Array.from({ length: 40 }, (_, index) => server.url(`/${index}`, 'slow.example'));
  const source = catalogue(...slow, server.url('/other', 'other.example'));
  const options = await localOptions(server, { concurrency: 4, idleTimeoutMilliseconds: 1000 });

  const report = await downloadImages(source, { ...options, attempts: 1 });

  expect(report).toMatchObject({ downloaded: 41, failures: [] });
});

test('connections are used again, also after an error page, and closed at the end', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/2') response.statusCode = 404;
    if (request.url === '/4') response.writeHead(302, { location: '/40' });
    response.end(pngBytes());
  });
  const urls = Array.from({ length: 8 }, (_, index) => server.url(`/${index}`));
  const options = await localOptions(server, { concurrencyPerHost: 1 });

  const report = await downloadImages(catalogue(...urls), options);

  expect(report.downloaded).toBe(7);
  expect(server.connectionCount()).toBe(1);
  await expect.poll(() => server.sockets.size).toBe(0);
});

test('while an image is coming, nothing is there that counts as one; aborting leaves nothing', async () => {
  const begun = deferred<void>();
  const server = await startServer((request, response) => {
    if (request.url === '/whole') return void response.end(pngBytes());
    response.write(pngBytes(100_000));
    begun.resolve();
  });
  const controller = new AbortController();
  const options = await localOptions(server, { signal: controller.signal });
  const source = catalogue(server.url('/whole'), server.url('/half'));
  const done = deferred<void>();

  const run = downloadImages(source, { ...options, onProgress: () => done.resolve() });
  await Promise.all([begun.promise, done.promise]);
  await expect
    .poll(() => imagesIn(options.folder))
    .toEqual([expect.stringMatching(/\.png$/), expect.stringMatching(/^partial.*\.partial$/)]);

  const reason = new Error('enough');
  controller.abort(reason);
  await expect(run).rejects.toBe(reason);
  expect(await imagesIn(options.folder)).toEqual([expect.stringMatching(/\.png$/)]);
  await expect.poll(() => server.sockets.size).toBe(0);

  // The next run takes up where this one stopped.
  server.asked.length = 0;
  const { signal: _, ...again } = options;
  const resumed = downloadImages(source, { ...again, attempts: 1, idleTimeoutMilliseconds: 30 });
  expect(await resumed).toMatchObject({ cached: 1, downloaded: 0 });
  expect(server.asked).toEqual(['/half']);
});

test.each(['waiting for its turn', 'waiting to ask again', 'waiting for a name'])(
  'aborting ends what is %s',
  async (state) => {
    const server = await startServer((_request, response) => {
      if (state === 'waiting to ask again') response.writeHead(503, { 'retry-after': '50' }).end();
    });
    const controller = new AbortController();
    const reached = deferred<void>();
    const lookup = () => {
      setTimeout(() => reached.resolve(), 20);
      if (state === 'waiting for a name') return new Promise<never>(() => {});
      return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    };
    const options = await localOptions(server, { signal: controller.signal, system: { lookup } });
    const urls = Array.from({ length: 300 }, (_, index) => server.url(`/${index}`));

    const run = downloadImages(catalogue(...urls), options);
    await reached.promise;
    controller.abort(new Error('enough'));

    await expect(run).rejects.toThrow('enough');
    expect(server.asked.length).toBeLessThanOrEqual(2);
    await expect.poll(() => server.sockets.size).toBe(0);
  },
);

test('a signal that is aborted already asks nothing', async () => {
  const server = await startServer((_request, response) => response.end(pngBytes()));
  const options = await localOptions(server, { signal: AbortSignal.abort(new Error('enough')) });

  await expect(downloadImages(catalogue(server.url('/')), options)).rejects.toThrow('enough');
  expect(server.asked).toEqual([]);
});

test('two runs at a time do not disturb each other in one folder', async () => {
  const server = await startServer((_request, response) => response.end(pngBytes()));
  const options = await localOptions(server);
  await writeFile(join(options.folder, 'failures.jsonl'), '');

  const [one, two] = await Promise.all(
    [1, 2].map(() => downloadImages(catalogue(server.url('/')), options)),
  );

  // Two runs at a time may both fetch an image; each writes it whole.
  expect(one!.downloaded + one!.cached).toBe(1);
  expect(two!.downloaded + two!.cached).toBe(1);
  expect(await imagesIn(options.folder)).toHaveLength(1);
});

test('no timer is left when a run is over, so the process can end', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/busy') response.writeHead(503, { 'retry-after': '60' });
    response.end(pngBytes());
  });
  const source = catalogue(server.url('/'), server.url('/busy'));
  const options = await localOptions(server, { attempts: 1 });
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();

  await downloadImages(source, options);
  await new Promise(setImmediate);

  expect(timers()).toBeLessThanOrEqual(before); // others may have ended meanwhile
});
