import { join } from 'node:path';
import { downloadFile } from './download-file.ts';
import { listModelFiles, type ModelFiles, missingFiles } from './model-files.ts';
import { ModelNotFoundError } from './model-not-found-error.ts';
import { cachePlace, isModelFolder, localPlaces, type ModelSource } from './model-source.ts';

/** A folder that has all files of a model. */
export interface FoundModel {
  readonly folder: string;
  /** Relative to the folder. */
  readonly files: readonly string[];
}

/**
 * Finds a model in its folder, in the cache, or on the hub, whose files are put into the cache.
 * A place counts only if it has every file.
 *
 * @throws {ModelNotFoundError} if no place has it
 * @throws {RangeError} if `model` is neither an id nor a folder
 */
export async function findModel(
  model: string,
  wanted: ModelFiles,
  source: ModelSource,
  hub: string,
): Promise<FoundModel> {
  const tried: string[] = [];
  for (const folder of localPlaces(model, source)) {
    const files = await listModelFiles(folder, wanted);
    const missing = await missingFiles(folder, files);
    if (missing.length === 0) return { folder, files };
    tried.push(`${folder}, which lacks ${missing.join(', ')}`);
  }
  if (isModelFolder(model)) {
    const advice = 'Put the missing files there, in the layout of transformers.js.';
    throw new ModelNotFoundError(model, tried, { advice });
  }
  if (source.offline) {
    const advice = 'Copy the model into one of these folders, or allow the hub: it is offline now.';
    throw new ModelNotFoundError(model, [...tried, 'the hub was not asked'], { advice });
  }
  return downloadModel(model, wanted, { source, hub, tried });
}

interface Download {
  readonly source: ModelSource;
  readonly hub: string;
  readonly tried: readonly string[];
}

/**
 * One file after the other, so that a second run goes on where this one stopped. The files get
 * here rather than by transformers.js, which writes them under their names before they are
 * complete and takes what is there for complete ever after.
 */
async function downloadModel(
  model: string,
  wanted: ModelFiles,
  { source, hub, tried }: Download,
): Promise<FoundModel> {
  const { cache, revision = 'main' } = source;
  if (cache === undefined) {
    const advice = 'Name a cache folder, to download into.';
    throw new ModelNotFoundError(model, tried, { advice });
  }
  const folder = cachePlace(model, cache, revision);
  const fetchMissing = async (files: readonly string[]) => {
    for (const file of await missingFiles(folder, files)) {
      const url = `${hub}/${model}/resolve/${encodeURIComponent(revision)}/${file}`;
      await downloadFile(url, join(folder, file), source).catch((cause: Error) => {
        source.signal?.throwIfAborted();
        throw new ModelNotFoundError(model, [...tried, cause.message], {
          advice:
            'Look up the name and revision, set HF_TOKEN if the model is not public, or give a ' +
            'folder that has it.',
          cause,
        });
      });
    }
  };
  await fetchMissing(['config.json']); // it says which other files there are
  const files = await listModelFiles(folder, wanted);
  await fetchMissing(files);
  return { folder, files };
}
