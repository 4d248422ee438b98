import { isAbsolute, join, resolve } from 'node:path';
import { actionable, quote } from '@rodpo/errors';
import type { DownloadProgress } from './download-file.ts';

/** Where models come from: tried in the order of the fields. */
export interface ModelSource {
  /** A folder that holds models by id, as transformers.js lays them out: `<folder>/<id>/onnx/…`. */
  readonly folder?: string;
  /**
   * Where downloads are kept and found again. Default: the cache of the transformers package,
   * which lies in its own folder and goes when it is installed anew.
   */
  readonly cache?: string;
  /** Never ask the hub. Default false. */
  readonly offline?: boolean;
  /** Commit, tag or branch on the hub. Default `main`. A local folder has just the one it has. */
  readonly revision?: string;
  /** Stops a download; the files that are complete stay in the cache. */
  readonly signal?: AbortSignal;
  /** Called while a file is downloaded. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** A model given as a folder begins with `/`, a drive, `./` or `../`; all others are ids. */
export function isModelFolder(model: string): boolean {
  return isAbsolute(model) || /^\.\.?[/\\]/.test(model);
}

/**
 * The local folders that may hold a model, first choice first.
 *
 * @throws {RangeError} if `model` or the revision cannot be one
 */
export function localPlaces(
  model: string,
  { folder, cache, revision = 'main' }: ModelSource,
): string[] {
  if (isModelFolder(model)) return [resolve(model)];
  requireModelId(model);
  requireRevision(revision);
  const places = folder === undefined ? [] : [resolve(folder, model)];
  return cache === undefined ? places : [...places, cachePlace(model, cache, revision)];
}

/** The layout that transformers.js has, so that what it downloaded is found. */
export function cachePlace(model: string, cache: string, revision: string): string {
  return revision === 'main' ? resolve(cache, model) : resolve(join(cache, model, revision));
}

/** Ids become paths and addresses, so none may leave its folder. */
function requireModelId(model: string): void {
  if (/^\w[\w.-]*(\/\w[\w.-]*)?$/.test(model)) return;
  throw actionable(
    new RangeError(
      'model must be an id such as "Xenova/all-MiniLM-L6-v2", or a folder that begins with "/", ' +
        `"./" or "../", got ${JSON.stringify(model)}`,
    ),
  );
}

function requireRevision(revision: string): void {
  if (/^\w[\w./-]*$/.test(revision) && !revision.includes('..')) return;
  throw actionable(
    new RangeError(`revision must be a commit, tag or branch, got ${quote(revision)}`),
  );
}
