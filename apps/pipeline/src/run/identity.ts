import { dirname, relative } from 'node:path';
import { canonicalJson, sha256Of } from '@rodpo/files';
import type { Config } from '../config/config.ts';
import { isTable } from '../config/data-settings.ts';
import { type VectorSource, vectorFiles } from '../config/feature-settings.ts';
import type { SourceFiles } from './marker.ts';

/**
 * What decides a run's results, and nothing else: not where its folder lies or how a path is spelt,
 * and not what runs a step or how many at a time. Files are known by their content: that of the
 * interactions by `sourceOf` (`source-files.ts`), those of the catalogue and of models by the feature stores.
 */
export function decidingSettings(config: Config): Readonly<Record<string, unknown>> {
  const { output: _, engine: __, data, catalogue, features, ...others } = config;
  const { concurrency: ___, models, ...vectors } = features;
  const { cache: ____, folder: _____, ...usedModels } = models;
  return {
    ...others,
    data: decidingData(data),
    catalogue: catalogue && {
      ...catalogue,
      path: undefined,
      ...('images' in catalogue
        ? { images: relative(dirname(catalogue.path), catalogue.images) }
        : {}),
    },
    features: {
      ...vectors,
      image: vectors.image && decidingVectors(vectors.image),
      text: vectors.text && decidingVectors(vectors.text),
      models: usedModels,
    },
  };
}

/** Own vectors are known by their content as well: their stores keep checksums of the files. */
function decidingVectors<Settings extends { from?: VectorSource }>(settings: Settings): object {
  if (!settings.from) return settings;
  const files = Object.keys(vectorFiles(settings.from)).map((name) => [name, true]);
  return { ...settings, from: { ...settings.from, ...Object.fromEntries(files) } };
}

function decidingData(data: Config['data']): object {
  if (data.source === 'simulator') return data;
  if (data.source === 'inter') {
    // What it was by default, and is where there is such a column.
    return { ...data, path: undefined, fields: { time: 'timestamp', ...data.fields } };
  }
  if (!isTable(data)) return { ...data, path: undefined };
  return { ...data, path: undefined, memoryLimit: undefined };
}

/**
 * Equal for runs that end with the same results, and kept in every file that they leave: one of
 * another run is told by it.
 */
export function runIdentity(config: Config, data: SourceFiles | null): string {
  return sha256Of(canonicalJson([decidingSettings(config), data?.sha256 ?? null])).slice(0, 32);
}
