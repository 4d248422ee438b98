import { basename, parse } from 'node:path';
import { actionable } from '@rodpo/errors';
import type { EmbedderDescription } from '../embedder.ts';
import { findModel } from './find-model.ts';
import { graphName, loadOptions } from './load-options.ts';
import { loadTransformers } from './load-transformers.ts';
import { modelChecksum, readJson } from './model-files.ts';
import { type ModelSession, modelSession } from './model-session.ts';
import { isModelFolder } from './model-source.ts';
import { type Tokenizer, tokenizer } from './tokenizer.ts';
import { isXenova, runtimeName, type Transformers } from './transformers.ts';
import type { TransformersOptions } from './transformers-options.ts';
import { withLocalFiles } from './with-local-files.ts';

/** Which part of a model is run. */
export interface ModelKind {
  /** The class of transformers.js. */
  readonly class: 'AutoModel' | 'CLIPTextModelWithProjection' | 'CLIPVisionModelWithProjection';
  /** The graph's name, without number format and ending. */
  readonly graph: string;
  /** Files that must be there besides the graph and the config. */
  readonly settings: readonly string[];
}

export interface LoadedModel extends ModelSession {
  /** What decides the vectors so far: files, number format, device, runtime. */
  readonly description: EmbedderDescription;
  /** A settings file of the model. */
  readJson(file: string): Promise<unknown>;
  /** Of `tokenizer.json`. At most `maxTokens` tokens, if given, and never more than fit. */
  loadTokenizer(maxTokens?: number): Promise<Tokenizer>;
}

/**
 * Finds a model and makes it ready to run.
 *
 * @throws {ModelNotFoundError} if no place has all files of the model
 * @throws {TransformersNotFoundError} if nothing is installed to run it with
 * @throws {RangeError} if an option is none that the package knows
 * @throws {Error} if the files are there and cannot be loaded
 */
export async function loadModel(
  kind: ModelKind,
  options: TransformersOptions,
): Promise<LoadedModel> {
  const { dtype = 'fp32', device = 'cpu' } = options;
  const transformers = await loadTransformers(options.transformers);
  const settings = loadOptions(transformers, kind.graph, options);
  const { folder, files } = await locate(transformers, kind, options);
  const description = {
    model: isModelFolder(options.model) ? basename(folder) : options.model,
    revision: `sha256:${await modelChecksum(folder, files)}`,
    runtime: runtimeName(transformers),
    dtype,
    device,
  };
  const load = <Loaded>(part: Part<Loaded>) => loadPart(transformers, folder, part);
  const model = await load({
    name: kind.class,
    from: (path) => transformers[kind.class].from_pretrained(path, settings),
  });
  return {
    ...modelSession(transformers, model, options.model),
    description,
    readJson: (file) => readJson(folder, file),
    loadTokenizer: async (maxTokens) => {
      const loaded = await load({
        name: 'AutoTokenizer',
        from: (path) =>
          transformers.AutoTokenizer.from_pretrained(path, { local_files_only: true }),
      });
      return tokenizer(loaded, await readJson(folder, 'config.json'), maxTokens);
    },
  };
}

function locate(
  { env }: Transformers,
  { graph, settings }: ModelKind,
  { model, source, dtype = 'fp32' }: TransformersOptions,
) {
  const wanted = { graph: `onnx/${graphName(graph, dtype)}.onnx`, settings };
  const cache = source?.cache ?? env.cacheDir;
  return findModel(
    model,
    wanted,
    { ...source, ...(cache !== null && { cache }) },
    env.remoteHost.replace(/\/$/, ''),
  );
}

interface Part<Loaded> {
  readonly name: string;
  readonly from: (path: string) => Promise<Loaded>;
}

/** 2.17 takes a path from `localModelPath` on; since 3.0 a whole path is left as it is. */
async function loadPart<Loaded>(
  transformers: Transformers,
  folder: string,
  { name, from }: Part<Loaded>,
): Promise<Loaded> {
  const { root } = parse(folder);
  const path = isXenova(transformers) ? folder.slice(root.length) : folder;
  try {
    return await withLocalFiles(transformers.env, root, () => from(path));
  } catch (cause) {
    throw actionable(
      new Error(
        `${runtimeName(transformers)} cannot load ${folder} as ${name}: ${String(cause)}. Its files ` +
          'may be damaged, or need a newer runtime.',
        { cause },
      ),
    );
  }
}
