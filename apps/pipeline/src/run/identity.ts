import { stat } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';
import { canonicalJson, ifThere, sha256Of, sha256OfFile } from '@rodpo/files';
import type { Config } from '../config/config.ts';
import type { SourceFile } from './marker.ts';

/**
 * What decides a run's results, and nothing else: not where its folder lies or how a path is spelt,
 * and not what runs a step or how many at a time. Files are known by their content: that of the
 * interactions by `sourceOf`, those of the catalogue and of models by the feature stores.
 */
export function decidingSettings(config: Config): Readonly<Record<string, unknown>> {
  const { output: _, engine: __, data, catalogue, features, ...others } = config;
  const { concurrency: ___, models, ...vectors } = features;
  const { cache: ____, folder: _____, ...usedModels } = models;
  return {
    ...others,
    data: data.source === 'simulator' ? data : { ...data, path: undefined },
    catalogue: catalogue && {
      ...catalogue,
      path: undefined,
      images: relative(dirname(catalogue.path), catalogue.images),
    },
    features: { ...vectors, models: usedModels },
  };
}

/** The file of interactions by its content: null for a simulation, undefined if it is not there. */
export async function sourceOf({ data }: Config): Promise<SourceFile | null | undefined> {
  if (data.source === 'simulator') return null;
  const found = await ifThere(stat(data.path));
  if (!found) return undefined;
  return {
    name: basename(data.path),
    bytes: found.size,
    sha256: await sha256OfFile(data.path),
  };
}

/**
 * Equal for runs that end with the same results, and kept in every file that they leave: one of
 * another run is told by it.
 */
export function runIdentity(config: Config, data: SourceFile | null): string {
  return sha256Of(canonicalJson([decidingSettings(config), data?.sha256 ?? null])).slice(0, 32);
}
