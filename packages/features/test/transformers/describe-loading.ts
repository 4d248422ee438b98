import { rm, truncate, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { ModelNotFoundError, type TransformersOptions } from '@rodpo/features';
import { sentenceModel } from '@rodpo/features/text';
import { expectAllClose } from '@rodpo/testing';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';
import { tinyBert } from './tiny-bert.ts';
import { mean, unit } from './tiny-weights.ts';
import { writeModel } from './write-model.ts';

interface Environment {
  readonly version: string;
  allowRemoteModels: boolean;
  localModelPath: string;
  fetch?: unknown;
}

/** What all versions have in common of what is used here. */
interface TransformersModule {
  readonly env: unknown;
  readonly AutoModel: { from_pretrained(path: string, options: object): Promise<unknown> };
}

const redShoe = [2, 5, 7, 3];

/** How one version of transformers.js is made to load models. */
export function describeLoading(transformers: TransformersModule): void {
  const env = transformers.env as Environment;
  const isXenova = env.version.startsWith('2.');
  const settings = () => ({ ...env, backends: undefined });
  const untouched = settings();
  const first = tinyBert(4);
  const second = tinyBert(5);
  const expected = { first: vectorOf(first), second: vectorOf(second) };
  const folder = temporaryFolder();
  beforeAll(async () => {
    await writeModel(folder('one/acme/bert'), first.files);
    await writeModel(folder('two/acme/bert'), second.files);
  });
  const from = (place: string, options: Partial<TransformersOptions> = {}) =>
    sentenceModel({
      model: 'acme/bert',
      source: { folder: folder(place), offline: true },
      transformers,
      ...options,
    });

  describe('loading', () => {
    test('models of one name in two folders, at the same time', async () => {
      const places = ['one', 'two', 'one', 'two'];
      const embedders = await Promise.all(places.map((place) => from(place)));
      const vectors = await Promise.all(embedders.map(embedRedShoe));

      for (const [index, vector] of vectors.entries()) {
        expectAllClose(vector, index % 2 === 0 ? expected.first : expected.second);
      }
      const revisions = embedders.map(({ description }) => description.revision);
      expect(revisions[0]).toBe(revisions[2]);
      expect(revisions[0]).not.toBe(revisions[1]);
      await Promise.all(embedders.map((embedder) => embedder.dispose()));
    });

    test.each([
      { form: 'absolute', model: () => folder('two/acme/bert') },
      { form: 'relative', model: () => `./${relative('.', folder('two/acme/bert'))}` },
    ])('a model as a folder: $form', async ({ model }) => {
      const embedder = await sentenceModel({ model: model(), transformers });

      expectAllClose(await embedRedShoe(embedder), expected.second);
      expect(embedder.description.model).toBe('bert'); // another machine has another path
      await embedder.dispose();
    });

    test('a cache has the layout of transformers.js, a revision its own folder', async () => {
      await writeModel(folder('cache/acme/bert'), first.files);
      await writeModel(folder('cache/acme/bert/v2.0'), second.files);
      const cache = folder('cache');
      const main = await from('', { source: { cache, offline: true } });
      const other = await from('', { source: { cache, offline: true, revision: 'v2.0' } });

      expectAllClose(await embedRedShoe(main), expected.first);
      expectAllClose(await embedRedShoe(other), expected.second);
      await Promise.all([main.dispose(), other.dispose()]);
    });

    test('the settings of the process are put back, after a failure too', async () => {
      const embedder = await from('one');
      await writeModel(folder('damaged/acme/bert'), first.files);
      await truncate(folder('damaged/acme/bert/onnx/model.onnx'), 100);
      const silenced = vi.spyOn(console, 'warn').mockImplementation(() => {});

      await expect(from('damaged')).rejects.toThrow(/cannot load .*damaged.* as AutoModel/);
      expect(settings()).toEqual(untouched);
      expectAllClose(await embedRedShoe(embedder), expected.first);
      silenced.mockRestore();
      await embedder.dispose();
    });

    test('offline, nothing is asked of the network', async () => {
      const fetch = vi.fn(() => Promise.reject(new Error('no network')));
      vi.stubGlobal('fetch', fetch);
      const ownFetch = env.fetch;
      if (ownFetch) env.fetch = fetch;
      const embedder = await from('one');

      await embedRedShoe(embedder);
      await expect(from('nowhere')).rejects.toThrow(ModelNotFoundError);
      expect(fetch).not.toHaveBeenCalled();
      vi.unstubAllGlobals();
      if (ownFetch) env.fetch = ownFetch;
      await embedder.dispose();
    });

    test.each(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'])(
      'a missing %s is named, and where it was looked for',
      async (file) => {
        await writeModel(folder('partial/acme/bert'), first.files);
        await rm(folder('partial/acme/bert', file));
        const error = await from('partial').catch((thrown: unknown) => thrown);

        expect(error).toBeInstanceOf(ModelNotFoundError);
        const { model, tried, message } = error as ModelNotFoundError;
        expect(model).toBe('acme/bert');
        expect(tried[0]).toBe(`${folder('partial/acme/bert')}, which lacks ${file}`);
        expect(message).toMatch(/Copy the model into one of these folders/);
      },
    );

    test('weights beside the graph are looked for if the config says so', async () => {
      const config = {
        ...(first.files['config.json'] as object),
        'transformers.js_config': { use_external_data_format: { 'model.onnx': 2 } },
      };
      await writeModel(folder('large/acme/bert'), { ...first.files, 'config.json': config });

      await expect(from('large')).rejects.toThrow(
        /lacks onnx\/model\.onnx_data, onnx\/model\.onnx_data_1\n/,
      );
    });

    test('dtype chooses the file', async () => {
      const { 'onnx/model.onnx': graph, ...settings } = second.files;
      const files = {
        ...settings,
        'onnx/model_quantized.onnx': graph,
        'onnx/model_fp16.onnx': graph,
      };
      await writeModel(folder('formats/acme/bert'), files);
      for (const dtype of ['q8', 'fp16'] as const) {
        const embedder = await from('formats', { dtype });

        expectAllClose(await embedRedShoe(embedder), expected.second);
        expect(embedder.description.dtype).toBe(dtype);
        await embedder.dispose();
      }
      await expect(from('formats')).rejects.toThrow(/lacks onnx\/model\.onnx\n/);
    });

    test('threads and device are set, or refused by the package that cannot', async () => {
      if (isXenova) {
        await expect(from('one', { threads: 1 })).rejects.toThrow(/leave out device and threads/);
        await expect(from('one', { device: 'cuda' })).rejects.toThrow(/leave out device/);
        return;
      }
      const load = vi.fn(transformers.AutoModel.from_pretrained.bind(transformers.AutoModel));
      const spied = { ...transformers, AutoModel: { from_pretrained: load } };
      const embedder = await from('one', { threads: 1, transformers: spied });
      expectAllClose(await embedRedShoe(embedder), expected.first);
      expect(load.mock.lastCall![1]).toMatchObject({
        device: 'cpu',
        dtype: 'fp32',
        session_options: { intraOpNumThreads: 1 },
      });
      await embedder.dispose();
      await expect(from('one', { device: 'abacus' })).rejects.toThrow(/[Uu]nsupported.*abacus/);
    });

    test.each([
      { options: { model: '../../secret' }, message: /cannot be had/ },
      { options: { model: 'a/b/c' }, message: /model must be an id/ },
      { options: { model: 'a/..b' }, message: /model must be an id/ },
      { options: { model: '' }, message: /model must be an id/ },
      { options: { source: { cache: 'x', revision: '../x' } }, message: /revision must be/ },
      { options: { source: { cache: 'x', revision: 'v1/../../x' } }, message: /revision must be/ },
      { options: { threads: 0 }, message: /threads must be a positive integer, got 0/ },
      { options: { dtype: 'fp99' as 'fp16' }, message: /dtype must be one of fp32, fp16/ },
      { options: { transformers: {} }, message: /Expected the module of @huggingface/ },
      {
        options: { transformers: 'x' as 'y' as '@xenova/transformers' },
        message: /transformers must be/,
      },
    ])('refuses $options', async ({ options, message }) => {
      await expect(from('one', options)).rejects.toThrow(message);
    });

    test('a model that was disposed of is gone, and runs under way are finished', async () => {
      const embedder = await from('one');
      const prepared = await embedder.prepare('red shoe');
      const underWay = embedder.embed([prepared]);
      await embedder.dispose();

      expectAllClose(await underWay, expected.first);
      await expect(embedder.embed([prepared])).rejects.toThrow(/acme\/bert has been disposed of/);
      await embedder.dispose();
    });

    test('settings that are not JSON are named', async () => {
      await writeModel(folder('broken/acme/bert'), first.files);
      await writeFile(folder('broken/acme/bert/config.json'), '{');

      await expect(from('broken')).rejects.toThrow(/broken.*cannot load|cannot load.*broken/);
    });
  });
}

function vectorOf(bert: ReturnType<typeof tinyBert>): number[] {
  return unit(mean(bert.hidden(redShoe)));
}

async function embedRedShoe(embedder: Awaited<ReturnType<typeof sentenceModel>>) {
  return embedder.embed([await embedder.prepare('red shoe')]);
}
