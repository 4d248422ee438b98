import { readdir } from 'node:fs/promises';
import * as transformers from '@huggingface/transformers';
import { type DownloadProgress, ModelNotFoundError } from '@rodpo/features';
import { sentenceModel } from '@rodpo/features/text';
import { afterEach, expect, test, vi } from 'vitest';
import { startHub } from './hub.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tinyBert } from './tiny-bert.ts';
import { writeModel } from './write-model.ts';

const bert = tinyBert(6);
const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];
const folder = temporaryFolder();

function served(revision: string, files = bert.files): Record<string, Uint8Array> {
  const entries = Object.entries(files).map(([name, content]) => [
    `acme/bert/resolve/${revision}/${name}`,
    content instanceof Uint8Array ? content : new TextEncoder().encode(JSON.stringify(content)),
  ]);
  return Object.fromEntries(entries);
}

async function useHub(...given: Parameters<typeof startHub>) {
  const hub = await startHub(...given);
  transformers.env.remoteHost = hub.address;
  return hub;
}

const load = (source: object) => sentenceModel({ model: 'acme/bert', source, transformers });

const { remoteHost } = transformers.env;
afterEach(() => {
  transformers.env.remoteHost = remoteHost;
  vi.unstubAllEnvs();
});

test('a model is downloaded once, and found offline ever after', async () => {
  const hub = await useHub(served('main'));
  const cache = folder('once');
  const online = await load({ cache });
  const paths = hub.requests.map(({ url }) => url);
  await hub.close();
  const offline = await load({ cache, offline: true });

  expect(paths).toEqual(names.map((name) => `/acme/bert/resolve/main/${name}`));
  expect(offline.description).toEqual(online.description);
  expect((await readdir(folder('once/acme/bert'), { recursive: true })).sort()).toEqual(
    [...names, 'onnx'].sort(),
  );
  await Promise.all([online.dispose(), offline.dispose()]);
});

test('the files have the checksum they have in a local folder', async () => {
  const hub = await useHub(served('main'));
  const online = await load({ cache: folder('checksum') });
  await writeModel(folder('local/acme/bert'), bert.files);
  const local = await load({ folder: folder('local') });

  expect(local.description.revision).toBe(online.description.revision);
  expect(hub.requests).toHaveLength(names.length); // none for the local one
  await Promise.all([online.dispose(), local.dispose(), hub.close()]);
});

test('a revision is asked for by name, and kept apart', async () => {
  const hub = await useHub(served('refs%2Fpr%2F1'));
  const embedder = await load({ cache: folder('revision'), revision: 'refs/pr/1' });

  expect(await readdir(folder('revision/acme/bert/refs/pr/1'))).toContain('config.json');
  await Promise.all([embedder.dispose(), hub.close()]);
});

test('weights beside the graph are downloaded too', async () => {
  const config = {
    ...(bert.files['config.json'] as object),
    'transformers.js_config': { use_external_data_format: true },
  };
  const files = { ...bert.files, 'config.json': config, 'onnx/model.onnx_data': new Uint8Array(8) };
  const hub = await useHub(served('main', files));
  const embedder = await load({ cache: folder('weights') });

  expect(hub.requests.at(-1)!.url).toBe('/acme/bert/resolve/main/onnx/model.onnx_data');
  await Promise.all([embedder.dispose(), hub.close()]);
});

test('a download that breaks off leaves no file, and goes on where it stopped', async () => {
  let isBroken = true;
  const hub = await useHub(served('main'), (path) => isBroken && path.endsWith('.onnx'));
  const source = { cache: folder('broken') };

  await expect(load(source)).rejects.toThrow(ModelNotFoundError);
  expect(await readdir(folder('broken/acme/bert/onnx'))).toEqual([]);
  isBroken = false;
  const embedder = await load(source);
  const graphs = hub.requests.filter(({ url }) => url!.endsWith('.onnx'));
  expect([hub.requests.length, graphs.length]).toEqual([names.length + 1, 2]);
  await Promise.all([embedder.dispose(), hub.close()]);
});

test('a model that the hub does not have is not found', async () => {
  const hub = await useHub({});
  const error = await load({ cache: folder('absent') }).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(ModelNotFoundError);
  expect((error as ModelNotFoundError).tried).toEqual([
    `${folder('absent/acme/bert')}, which lacks ${names.join(', ')}`,
    `${hub.address}acme/bert/resolve/main/config.json answered 404`,
  ]);
  await hub.close();
});

test('a hub that cannot be reached has no models', async () => {
  const hub = await useHub({});
  await hub.close();

  await expect(load({ cache: folder('unreachable') })).rejects.toThrow(ModelNotFoundError);
});

test('a download tells how far it is, and can be stopped', async () => {
  const hub = await useHub(served('main'));
  const controller = new AbortController();
  const reason = new Error('enough');
  const seen: [string, boolean][] = [];
  const onProgress = ({ url, bytes, totalBytes }: DownloadProgress) => {
    seen.push([url, bytes === totalBytes]);
    if (url.endsWith('tokenizer.json')) controller.abort(reason);
  };
  const source = { cache: folder('stopped'), signal: controller.signal, onProgress };

  await expect(load(source)).rejects.toBe(reason);
  expect(seen[0]).toEqual([`${hub.address}acme/bert/resolve/main/config.json`, true]);
  expect(await readdir(folder('stopped/acme/bert'))).toContain('config.json');
  expect(hub.requests).toHaveLength(2);
  await hub.close();
});

test('two embedders may download one model at the same time', async () => {
  const hub = await useHub(served('main'));
  const embedders = await Promise.all([1, 2].map(() => load({ cache: folder('twice') })));

  expect((await readdir(folder('twice/acme/bert'))).sort()).toEqual([
    'config.json',
    'onnx',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  await Promise.all([...embedders.map((embedder) => embedder.dispose()), hub.close()]);
});

test('a token is sent to the hub only', async () => {
  vi.stubEnv('HF_TOKEN', 'secret');
  const hub = await useHub(served('main'));
  const embedder = await load({ cache: folder('token') });

  expect(hub.requests.map(({ headers }) => headers.authorization)).toEqual(
    names.map(() => undefined),
  );
  await Promise.all([embedder.dispose(), hub.close()]);
});
