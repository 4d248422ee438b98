import { cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { readSealedJson, writeSealedJson } from '@rodpo/files';
import { beforeEach, expect, test } from 'vitest';
import type { Bundle } from '../src/bundle/bundle.ts';
import { BundleError, type BundleProblem } from '../src/bundle/bundle-error.ts';
import { folderSource } from '../src/bundle/folder-source.ts';
import { readBundle } from '../src/bundle/read-bundle.ts';
import { type BuildIndex, writeBundle } from '../src/bundle/write-bundle.ts';
import { newFolder } from './models.ts';
import { smallBundle } from './small-bundle.ts';

const bundle = await smallBundle();
const written = await newFolder();
await writeBundle(written, bundle);

let folder: string;
beforeEach(async () => {
  folder = await newFolder();
  await cp(written, folder, { recursive: true });
});

test('what was written is read', async () => {
  const { manifest, ...read } = await readBundle(folderSource(folder));

  expect(read).toEqual({
    ...bundle,
    encoder: Buffer.from(bundle.encoder),
    scores: Buffer.from(bundle.scores),
  });
  expect(manifest).toMatchObject({ kind: 'bundle', format: 1, model: 'the last item' });
  expect(await readdir(folder)).toEqual([
    'bundle.json',
    'encoder.onnx',
    'items.jsonl',
    'items.safetensors',
    'scores.onnx',
  ]);
  expect(await readdir(dirname(written))).toEqual(['bundle']); // nothing unfinished beside it
});

test('in float16 vectors are read as they were rounded, from half the bytes', async () => {
  const target = await newFolder();
  const vectors = bundle.vectors.map((value) => value + 1 / 3);
  const settings = { ...bundle.settings, precision: 'float16' } as const;
  await writeBundle(target, { ...bundle, settings, vectors });

  const read = await readBundle(folderSource(target));

  // Of n + 1/3 above 1, float16 keeps the multiples of 2⁻¹⁰, 2⁻⁹ from 2 on, and so on.
  const rounded = (value: number) => {
    const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10);
    return Math.round(value / step) * step;
  };
  expect([...read.vectors]).toEqual([...vectors].map(rounded));
  expect(read.counts).toEqual(bundle.counts);
  expect(read.manifest.precision).toBe('float16');
  const bytesOf = async (where: string) => (await stat(join(where, 'items.safetensors'))).size;
  const spared = (await bytesOf(folder)) - (await bytesOf(target));
  expect(spared / vectors.length).toBeCloseTo(2, 0); // headers differ by some bytes
});

async function refused(problem: BundleProblem, message: RegExp, where = folder): Promise<void> {
  const failure = await readBundle(folderSource(where)).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(BundleError);
  expect(failure).toMatchObject({ problem, message: expect.stringMatching(message) });
  expect(isActionable(failure)).toBe(true);
}

const files = ['encoder.onnx', 'scores.onnx', 'items.jsonl', 'items.safetensors'];

test.each([...files, 'bundle.json'])('%s is missed', async (name) => {
  await rm(join(folder, name));

  await refused(
    'missing',
    name === 'bundle.json' ? /is no bundle: name a folder/ : /it is missing/,
  );
});

test.each([...files, 'bundle.json'])('a changed byte of %s is noticed', async (name) => {
  const bytes = await readFile(join(folder, name));
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(join(folder, name), bytes);

  await refused('damaged', name === 'bundle.json' ? /it is damaged/ : /checksum is not that/);
});

async function changeManifest(
  change: (manifest: Record<string, unknown>) => object,
): Promise<void> {
  const file = join(folder, 'bundle.json');
  const manifest = await readSealedJson(file);
  await writeSealedJson(file, { ...manifest, ...change(manifest) });
}

test('a bundle of another version is told from a damaged one', async () => {
  await changeManifest(() => ({ format: 2 }));

  await refused('version', /expected a bundle of format 1, got 2/);
});

/** Settings that no bundle has. */
const wrongSettings: [name: string, change: object][] = [
  ['itemCount', { itemCount: 0 }],
  ['width', { width: '4' }],
  ['rowLength', { rowLength: 2 }],
  ['blockSize', { blockSize: 51 }],
  ['inputs', { inputs: [1] }],
  ['precision', { precision: 'float8' }],
  ['times', { times: { first: 0, last: 1, count: 0, perOctave: 1 } }],
  ['times', { times: { first: null, last: 1, count: 3, perOctave: 1 } }],
];

test.each([
  ...wrongSettings,
  ['kind', { kind: 'run' }],
  ['model', { model: 3 }],
  ['metrics', { metrics: [] }],
  ['files', { files: [{ path: 'encoder.onnx' }] }],
])('a manifest with another %s is refused: %j', async (name, change) => {
  await changeManifest(() => change);

  await refused('damaged', new RegExp(`'${name}' is not as one has it`));
});

test('a manifest must list every file', async () => {
  await changeManifest(({ files: listed }) => ({ files: (listed as object[]).slice(1) }));

  await refused('missing', /does not list encoder\.onnx/);
});

test.each([
  '../secret',
  'a/../../secret',
  '/etc/passwd',
  'C:\\secret',
  '..\\secret',
  './secret',
  'a//b',
  '',
])('the path %j is refused, whether there is such a file or not', async (path) => {
  await changeManifest(({ files: listed }) => ({
    files: [...(listed as object[]), { path, sha256: '0' }],
  }));

  await refused('path', /leads out of the bundle's folder/);
});

test('a link that leads out of the folder is refused, one within is followed', async () => {
  await rm(join(folder, 'encoder.onnx'));
  await symlink(join(written, 'encoder.onnx'), join(folder, 'encoder.onnx'));
  await refused('path', /"encoder\.onnx", which leads out/);

  await rm(join(folder, 'encoder.onnx'));
  await mkdir(join(folder, 'parts'));
  await cp(join(written, 'encoder.onnx'), join(folder, 'parts', 'real.onnx'));
  await symlink(join('parts', 'real.onnx'), join(folder, 'encoder.onnx'));
  expect((await readBundle(folderSource(folder))).model).toBe('the last item');
});

test.each([['sizes', { itemCount: 49 }, /expected 'vectors' of shape \[49,4\], got \[50,4\]/]])(
  'other %s than those of the arrays are refused',
  async (_, change, message) => {
    await changeManifest(() => change);

    await refused('damaged', message);
  },
);

test('a folder that is there is only replaced if asked, and only if it is a bundle', async () => {
  await expect(writeBundle(folder, bundle)).rejects.toThrow(/it is there already/);
  await writeBundle(folder, { ...bundle, model: 'the next one' }, { replace: true });
  expect((await readBundle(folderSource(folder))).model).toBe('the next one');
  expect(await readdir(dirname(folder))).toEqual(['bundle']);

  await changeManifest(() => ({ format: 2 }));
  await writeBundle(folder, bundle, { replace: true });
  expect((await readBundle(folderSource(folder))).model).toBe('the last item');

  await rm(join(folder, 'bundle.json'));
  const refusal = writeBundle(folder, bundle, { replace: true });
  await expect(refusal).rejects.toThrow(/it is no bundle, so it is not replaced/);
  await expect(refusal).rejects.toMatchObject({ problem: 'exists' });
  expect(await readdir(folder)).toHaveLength(4);
});

const { settings } = bundle;

test.each<[Partial<Record<keyof Bundle, unknown>>, RegExp]>([
  ...wrongSettings.map(([name, change]): [object, RegExp] => [
    { settings: { ...settings, ...change } },
    name === 'itemCount' ? /There are no items/ : new RegExp(`^${name} must be .*; got `),
  ]),
  [
    { settings: { ...settings, blockSize: 64 } },
    /^blockSize must be at most itemCount, 50; got 64/,
  ],
  [{ settings: { ...settings, rowLength: 3 } }, /^rowLength must be at least maxLength, 5; got 3/],
  [
    { settings: { ...settings, times: { first: 0, last: Number.NaN, count: 2, perOctave: 1 } } },
    /^times must be finite numbers 'first'.*"last\\":\\"NaN\\"/,
  ],
  [{ model: 3 }, /^model must be a string; got 3/],
  [{ metrics: [] }, /^metrics must be an object; got "\[\]"/],
  [{ vectors: new Float32Array(3) }, /vectors must hold 200, got 3/],
  [
    { vectors: Float64Array.from(bundle.vectors) },
    /vectors must be of type Float32Array, got .*64/,
  ],
  [{ counts: new Int32Array(3) }, /counts must hold 50, got 3/],
  [
    { counts: Float32Array.from(bundle.counts) },
    /counts must be of type Int32Array, got .*Float32/,
  ],
  [{ items: bundle.items.slice(1) }, /items must hold 50, got 49/],
  [{ items: bundle.items.map((_, id) => ({ id })) }, /items\[0\]\.id must be a string, got 0/],
  [{ items: bundle.items.map(() => ({ id: 'same' })) }, /two items have one id/],
  [{ vectors: bundle.vectors.map(() => Number.NaN) }, /training has diverged/],
  [
    {
      vectors: bundle.vectors.map(() => 65_520),
      settings: { ...settings, precision: 'float16' as const },
    },
    /beyond 65504, the end of float16\. Export in float32/,
  ],
])('a bundle that could not be opened is not written (%#)', async (change, message) => {
  const wrong = { ...bundle, ...change } as Bundle;
  const target = await newFolder();
  const refusal = await writeBundle(target, wrong).catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(RangeError);
  expect(refusal).toMatchObject({ message: expect.stringMatching(message) });
  expect(isActionable(refusal)).toBe(true);
  expect(await readdir(dirname(target))).toEqual([]);

  // Nor in the place of one that can.
  await expect(writeBundle(folder, wrong, { replace: true })).rejects.toThrow(message);
  expect((await readBundle(folderSource(folder))).model).toBe('the last item');
});

test('an index that says nothing of its recall is not written', async () => {
  const buildIndex: BuildIndex = async (file) => {
    await writeFile(file, 'a graph');
    return { connectivity: 16, expansion: 16, recall: Number.NaN };
  };
  const written = writeBundle(folder, bundle, { buildIndex, replace: true });

  await expect(written).rejects.toThrow(/^index must be .*"recall\\":\\"NaN\\"/);
  expect((await readBundle(folderSource(folder))).manifest).not.toHaveProperty('index');
  expect(await readdir(dirname(folder))).toEqual(['bundle']);
});
