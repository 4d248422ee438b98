import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isActionable } from '@rodpo/errors';
import { sealed } from '@rodpo/files';
import { afterEach, expect, test, vi } from 'vitest';
import { BundleError } from '../src/bundle/bundle-error.ts';
import { writeBundle } from '../src/bundle/write-bundle.ts';
import type { Recommender } from '../src/recommender.ts';
import { usearchIndex } from '../src/scan/usearch-index.ts';
import type { FetchFile } from '../src/web/address-source.ts';
import { openBundle } from '../src/web/open-bundle.ts';
import { newFolder } from './models.ts';
import { fetchFromFolder } from './open-from-address.ts';
import { smallBundle } from './small-bundle.ts';

const bundle = await smallBundle();
const folder = await newFolder();
await writeBundle(folder, bundle, {
  buildIndex: usearchIndex({ histories: [{ items: [3] }], recall: 0.5 }),
});
const address = pathToFileURL(folder).href;
const files = ['encoder.onnx', 'items.jsonl', 'items.safetensors', 'scores.onnx'];

const opened: Recommender[] = [];
async function open(where: string | URL, fetch: FetchFile = fetchFromFolder) {
  const recommender = await openBundle(where, { fetch });
  opened.push(recommender);
  return recommender;
}
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const recommender of opened.splice(0)) await recommender.dispose();
});

/** Fetches what is there, but for one file. */
const except =
  (name: string, answer: (bytes: Uint8Array<ArrayBuffer>) => Response): FetchFile =>
  async (file) =>
    file === `${address}/${name}`
      ? answer(new Uint8Array(await readFile(join(folder, name))))
      : fetchFromFolder(file);

test('each file is fetched once, and the index never', async () => {
  const asked: string[] = [];
  const { manifest } = await open(address, (file) => {
    asked.push(file);
    return fetchFromFolder(file);
  });

  expect(manifest.index).toBeDefined();
  expect(asked.sort()).toEqual(['bundle.json', ...files].map((name) => `${address}/${name}`));
});

test.each([...files, 'bundle.json'])('a changed byte of %s is refused', async (name) => {
  const changed = except(name, (bytes) => {
    bytes[bytes.length >> 1]! ^= 1;
    return new Response(bytes);
  });
  const failure = await open(address, changed).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(BundleError);
  expect(failure).toMatchObject({ problem: 'damaged', file: `${address}/${name}` });
  expect(isActionable(failure)).toBe(true);
});

test('a changed byte is refused on a page without SubtleCrypto, and what is whole is opened', async () => {
  vi.stubGlobal('crypto', {});
  const changed = except('items.jsonl', (bytes) => {
    bytes[5]! ^= 1;
    return new Response(bytes);
  });

  await expect(open(address, changed)).rejects.toThrow(/items\.jsonl: its checksum is not that/);
  expect((await open(address)).items).toHaveLength(50);
});

test.each([...files, 'bundle.json'])('%s is missed', async (name) => {
  const failure = await open(
    address,
    except(name, () => new Response('Not here', { status: 404 })),
  ).catch((error: unknown) => error);

  expect(failure).toMatchObject({ problem: 'missing', file: `${address}/${name}` });
  expect(failure).toMatchObject({ message: expect.stringContaining('(HTTP 404)') });
});

test('an address that nobody answers at is told, with the reason', async () => {
  const cause = new TypeError('fetch failed');
  const failure = await open(address, () => Promise.reject(cause)).catch((error) => error);

  expect(failure).toMatchObject({ problem: 'missing', cause });
  expect(isActionable(failure)).toBe(true);
});

test.each([...files, 'bundle.json'])('%s is cut off on its way', async (name) => {
  const cause = new TypeError('terminated');
  const failure = await open(
    address,
    except(name, () => {
      const response = new Response('The beginning');
      return Object.assign(response, { arrayBuffer: () => Promise.reject(cause) });
    }),
  ).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(BundleError);
  expect(failure).toMatchObject({ problem: 'missing', file: `${address}/${name}`, cause });
  expect(failure).toMatchObject({ message: expect.stringContaining('cut off') });
  expect(isActionable(failure)).toBe(true);
});

test.each(['', '/'])('a query goes with every file of %j', async (slash) => {
  const asked: string[] = [];
  const recommender = await open(`${address}${slash}?sig=a/b&until=5#top`, (file) => {
    asked.push(file);
    return fetchFromFolder(file.replace('?sig=a/b&until=5', ''));
  });

  expect(asked.sort()).toEqual(
    ['bundle.json', ...files].map((name) => `${address}/${name}?sig=a/b&until=5`),
  );
  expect(recommender.items).toHaveLength(50);
});

test('a manifest that names a file elsewhere is refused before that is fetched', async () => {
  const asked: string[] = [];
  const { sha256: _, ...manifest } = JSON.parse(
    await readFile(join(folder, 'bundle.json'), 'utf8'),
  );
  const secret = { path: '../secret', sha256: '0' };
  const leading = except('bundle.json', () =>
    Response.json(sealed({ ...manifest, files: [...manifest.files, secret] })),
  );

  await expect(
    open(address, (file) => {
      asked.push(file);
      return leading(file);
    }),
  ).rejects.toMatchObject({ problem: 'path' });
  expect(asked).toEqual([`${address}/bundle.json`]);
});

test('an address may end with a slash, and be relative to the page', async () => {
  expect((await open(`${address}/`)).manifest.model).toBe('the last item');
  vi.stubGlobal('document', { baseURI: `${address}/../index.html` });
  expect((await open('bundle')).manifest.model).toBe('the last item');
});

test('many questions at once are answered as each is alone', async () => {
  const recommender = await open(address);
  const asked = Array.from({ length: 8 }, (_, item) => ({ history: [`0${item}`], count: 5 }));
  const together = await Promise.all(asked.map((request) => recommender.recommend(request)));

  for (const [at, request] of asked.entries()) {
    expect(together[at]).toEqual(await recommender.recommend(request));
  }
});

test('a browser with WebGPU and no adapter computes by wasm', async () => {
  const requestAdapter = vi.fn(async () => null);
  vi.stubGlobal('navigator', { gpu: { requestAdapter } });
  const recommender = await openBundle(address, { fetch: fetchFromFolder, webgpu: true });
  opened.push(recommender);

  expect(requestAdapter).toHaveBeenCalledOnce();
  expect((await recommender.recommend({ history: ['03'] })).source).toBe('model');
});

test('a number of threads that is none is refused', async () => {
  await expect(openBundle(address, { threads: 0 })).rejects.toThrow(
    'threads must be a positive integer, got 0',
  );
});
