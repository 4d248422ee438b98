import { createHash } from 'node:crypto';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type ItemSource, UnusableInput } from '@rodpo/features';
import { type DownloadProgress, downloadedImages, downloadImages } from '@rodpo/features/download';
import { partialName } from '@rodpo/files';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import {
  catalogue,
  imagesIn,
  localOptions,
  pngBytes,
  startServer,
  temporaryFolder,
} from './image-server.ts';

const servePng = () => startServer((_request, response) => response.end(pngBytes()));

test('an image is kept under the SHA-256 of its URL, as the server sent it', async () => {
  const server = await servePng();
  const options = await localOptions(server);
  const url = server.url('/a%20b.jpg?size=large');

  const report = await downloadImages(catalogue(url), options);

  expect(report).toEqual({ downloaded: 1, cached: 0, failures: [] });
  const digest = createHash('sha256').update(url).digest('hex');
  const file = join(digest.slice(0, 2), `${digest}.png`);
  expect(await imagesIn(options.folder)).toEqual([file]);
  expect(await readFile(join(options.folder, file))).toEqual(pngBytes());
});

test.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)(
  'a file is recognised as %s by its first bytes, and sharp reads it from its path',
  async (format) => {
    const blank = { width: 2, height: 2, channels: 3 as const, background: 'red' };
    const bytes = await sharp({ create: blank }).toFormat(format).toBuffer();
    const server = await startServer((_request, response) => {
      response.setHeader('content-type', 'text/html'); // what is in it counts
      response.end(bytes);
    });
    const options = await localOptions(server);
    const source = catalogue(server.url('/image'));

    await downloadImages(source, options);

    const [item] = await downloadedImages(source, options.folder).read(0, 1);
    expect(item!.input).toMatch(format === 'jpeg' ? /\.jpg$/ : new RegExp(`\\.${format}$`));
    const found = await sharp(item!.input).metadata();
    expect(found.format).toBe(format === 'avif' ? 'heif' : format); // AVIF is of the HEIF family
  },
);

test.each([
  ['big TIFF, big-endian', '4d4d002b00080000'],
  ['GIF of 1987', '474946383761'],
  ['AVIF among the compatible brands', '0000001c667479706d69663100000000617669666d6966316d696166'],
])('%s is an image', async (_name, hex) => {
  const server = await startServer((_request, response) => response.end(Buffer.from(hex, 'hex')));

  const report = await downloadImages(catalogue(server.url('/')), await localOptions(server));

  expect(report.downloaded).toBe(1);
});

test.each([
  ['an error page', Buffer.from('<!doctype html><title>Not found</title>')],
  ['nothing', Buffer.alloc(0)],
  ['the first half of a signature', pngBytes().subarray(0, 4)],
  ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['HEIC', Buffer.from('0000001866747970686569630000000068656963', 'hex')],
  ['a sound in a RIFF file', Buffer.from('RIFF\x10\0\0\0WAVEfmt ')],
  ['a video', Buffer.from('000000146674797069736f6d0000000061766331', 'hex')],
])('%s with status 200 is unsupported and leaves no file', async (_name, body) => {
  const server = await startServer((_request, response) => {
    response.setHeader('content-type', 'image/png');
    response.end(body);
  });
  const options = await localOptions(server);

  const report = await downloadImages(catalogue(server.url('/')), options);

  expect(report.failures).toMatchObject([{ id: '0', reason: 'unsupported' }]);
  expect(report.failures[0]!.message).toContain('by its first bytes');
  expect(await imagesIn(options.folder)).toEqual([]);
});

test('a body that comes byte by byte is put together', async () => {
  const server = await startServer(async (_request, response) => {
    for (const byte of pngBytes(80)) {
      response.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    response.end();
  });
  const options = await localOptions(server);
  const source = catalogue(server.url('/'));

  await downloadImages(source, options);

  const [item] = await downloadedImages(source, options.folder).read(0, 1);
  expect(await readFile(item!.input!)).toEqual(pngBytes(80));
});

test('a second run takes everything from the folder and asks nothing', async () => {
  const server = await servePng();
  const options = await localOptions(server);
  const source = catalogue(...Array.from({ length: 20 }, (_, index) => server.url(`/${index}`)));
  await downloadImages(source, options);
  server.asked.length = 0;

  const report = await downloadImages(source, options);

  expect(report).toEqual({ downloaded: 0, cached: 20, failures: [] });
  expect(server.asked).toEqual([]);
});

test('equal URLs are fetched once, whether they succeed or fail; fragments make no difference', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/bad') response.statusCode = 500;
    response.end(pngBytes());
  });
  const good = server.url('/good');
  const bad = server.url('/bad');
  const others = Array.from({ length: 60 }, (_, index) => server.url(`/${index}`));
  const first = [good, bad, `${good}#top`, good, bad, good.replace('shop', 'SHOP')];
  const source = catalogue(...first, ...others, bad, good); // the last two come when all is done
  const options = await localOptions(server, { attempts: 1, concurrency: 1 });

  const report = await downloadImages(source, options);

  expect(server.asked.filter((path) => path === '/good')).toHaveLength(1);
  expect(server.asked.filter((path) => path === '/bad')).toHaveLength(1);
  expect(report).toMatchObject({ downloaded: 61, cached: 4 });
  expect(report.failures.map(({ id }) => id)).toEqual(['1', '4', '66']);
});

test('downloadedImages keeps items and their order, and leaves out what is not there', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/gone') response.statusCode = 404;
    response.end(pngBytes());
  });
  const options = await localOptions(server);
  const source = catalogue(server.url('/a'), undefined, server.url('/gone'), 'nonsense');
  await downloadImages(source, options);

  const images = downloadedImages(source, options.folder);

  expect(images.itemCount).toBe(4);
  const gone = `The image of ${server.url('/gone')} is not there: downloadImages tells why.`;
  expect(await images.read(1, 4)).toEqual([
    { id: '1', input: undefined },
    { id: '2', input: undefined, problem: { reason: 'missing', message: gone } },
    {
      id: '3',
      input: undefined,
      problem: { reason: 'unsupported', message: 'not a URL: "nonsense"' },
    },
  ]);
  expect(await images.read(0, 1)).toMatchObject([
    { id: '0', input: expect.stringContaining('.png') },
  ]);
});

test('failures come in catalogue order, each item counted once, and progress adds up', async () => {
  const server = await startServer((request, response) => {
    const number = Number(request.url!.slice(1));
    if (number % 3 === 0) response.statusCode = 404;
    setTimeout(() => response.end(pngBytes()), number % 5); // so that they end in disorder
  });
  const progress: DownloadProgress[] = [];
  const onProgress = (step: DownloadProgress) => progress.push(step);
  const urls = Array.from({ length: 30 }, (_, index) => server.url(`/${index}`));
  const options = await localOptions(server, { onProgress });

  const report = await downloadImages(catalogue(...urls), options);

  expect(report.failures.map(({ id }) => Number(id))).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
  expect(report.downloaded).toBe(20);
  expect(progress.map(({ done }) => done)).toEqual(urls.map((_, index) => index + 1));
  expect(progress.at(-1)).toEqual({ total: 30, done: 30, downloaded: 20, cached: 0, failed: 10 });
});

test('a catalogue larger than one read is read in order and whole', async () => {
  const server = await servePng();
  const ranges: [number, number][] = [];
  const source: ItemSource<string> = {
    itemCount: 600,
    read: async (start, end) => {
      ranges.push([start, end]);
      return Array.from({ length: end - start }, (_, offset) => ({
        id: `${start + offset}`,
        input: server.url(`/${(start + offset) % 7}`),
      }));
    },
  };

  const report = await downloadImages(source, await localOptions(server));

  expect(ranges).toEqual([
    [0, 256],
    [256, 512],
    [512, 600],
  ]);
  expect(report).toEqual({ downloaded: 7, cached: 593, failures: [] });
});

test('an empty catalogue is no error', async () => {
  const folder = await temporaryFolder();

  expect(await downloadImages(catalogue(), { folder })).toEqual({
    downloaded: 0,
    cached: 0,
    failures: [],
  });
});

test('strict stops at the first failure and names the item', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/bad') response.writeHead(404).end();
    // The others are never answered: only stopping them ends the run.
  });
  const source = catalogue(server.url('/slow'), server.url('/bad'));

  const run = downloadImages(source, await localOptions(server, { strict: true }));

  await expect(run).rejects.toThrow(UnusableInput);
  await expect(run).rejects.toMatchObject({
    reason: 'missing',
    message: expect.stringMatching(/^Item "1": HTTP 404/),
  });
});

test('errors of the catalogue and of the folder stop the run: they are no failed downloads', async () => {
  const server = await servePng();
  const options = await localOptions(server);
  const broken: ItemSource<string> = {
    itemCount: 3,
    read: async () => {
      throw new TypeError('no catalogue');
    },
  };
  await expect(downloadImages(broken, options)).rejects.toThrow(new TypeError('no catalogue'));

  const url = server.url('/');
  const digest = createHash('sha256').update(url).digest('hex');
  await writeFile(join(options.folder, digest.slice(0, 2)), 'a file where a folder should be');
  await expect(downloadImages(catalogue(url), options)).rejects.toMatchObject({ code: 'EEXIST' });
});

test('partial files that were abandoned are removed, those of another run are not', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'partial'));
  const [old, young] = [0, 1].map(() => partialName(join(folder, 'partial', 'a.jpg')));
  await writeFile(old!, 'half');
  await writeFile(young!, 'half');
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 3600;
  await utimes(old!, twoDaysAgo, twoDaysAgo);

  await downloadImages(catalogue(), { folder });

  expect(await imagesIn(folder)).toEqual([relative(folder, young!)]);
});

test.each([
  { timeoutMilliseconds: 0 },
  { idleTimeoutMilliseconds: 2 ** 31 },
  { maxBytes: 1.5 },
  { attempts: 0 },
  { backoffMilliseconds: -1 },
  { maxBackoffMilliseconds: Number.NaN },
  { concurrency: Number.POSITIVE_INFINITY },
  { concurrencyPerHost: 0 },
  { maxRedirects: -1 },
  { allowPrivateAddresses: ['10.0.0.0'] },
])('refuses the options %j', async (options) => {
  const folder = await temporaryFolder();
  const run = downloadImages(catalogue(), { folder, ...options });

  await expect(run).rejects.toThrow(RangeError);
  await expect(run).rejects.toThrow(Object.keys(options)[0]);
});

test('a user agent that cannot be a header is an error of the caller', async () => {
  const server = await servePng();
  const options = await localOptions(server, { userAgent: 'two\nlines' });

  await expect(downloadImages(catalogue(server.url('/')), options)).rejects.toThrow(TypeError);
});
