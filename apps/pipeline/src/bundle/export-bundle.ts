import { ifThere } from '@rodpo/files';
import { exportEncoder } from '@rodpo/recipe';
import { type Manifest, type ReadableHistory, usearchIndex, writeBundle } from '@rodpo/serving';
import { baseline } from '../config/config-problems.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Run } from '../run/run.ts';
import { savedFigures } from '../stages/evaluate-model.ts';
import { preparedDataset, trainedModels } from '../stages/results.ts';
import { withWorkspace } from '../stages/workspace.ts';
import { type DetailColumns, itemDetails } from './item-details.ts';
import { requireTrained } from './trained-names.ts';

export interface ExportOptions extends DetailColumns {
  /** Of the bundle. */
  readonly output: string;
  /** The one that aligned the model. Default: the pretrained reference. */
  readonly strategy?: string;
  /** Replace a bundle that is there. Default false. */
  readonly fresh?: boolean;
  /** Add an index, which finds at least 98 of 100 best items without a look at all. Default false. */
  readonly index?: boolean;
  /** Addresses of pictures, by item, in place of those of the catalogue. */
  readonly pictures?: ReadonlyMap<string, string>;
  /** Of weights and vectors in the files: 'float16' takes half the bytes. Default 'float32'. */
  readonly precision?: 'float32' | 'float16';
}

/**
 * Writes what one model of a run needs to answer, as a bundle of `@rodpo/serving`.
 *
 * @throws {ConfigError} if the run has no such model
 * @throws {MissingStageError} if it has no data
 * @throws {BundleError} of `@rodpo/serving` if the output is there and is not to be replaced
 */
export async function exportBundle(
  run: Run,
  { output, strategy = baseline, ...options }: ExportOptions,
): Promise<Manifest> {
  const { fresh = false, index = false, precision = 'float32', pictures, ...columns } = options;
  const dataset = await preparedDataset(run);
  await requireTrained(run, strategy);
  const weights = (await trainedModels(run, [strategy]))[strategy]!;
  const details = await itemDetails(run, dataset.itemIds, columns);
  const { encoder, scores, items, newItems, ...settings } = await withWorkspace(
    run,
    dataset,
    (workspace) => exportEncoder(workspace, weights, { precision }),
  );
  const [itemCount, width] = items.shape as [number, number];
  run.reporter.say(`${details.size} of ${itemCount} items are described by the catalogue`);
  const bundle = {
    model: strategy,
    settings: { itemCount, width, ...settings, ...(precision === 'float16' ? { precision } : {}) },
    encoder,
    scores,
    newItems,
    vectors: items.data as Float32Array,
    counts: choiceCounts(dataset),
    items: dataset.itemIds.map((id) => ({ id, ...details.get(id), ...imageOf(pictures?.get(id)) })),
    metrics: await metricsOf(run, strategy),
  };
  return writeBundle(output, bundle, {
    replace: fresh,
    ...(index ? { buildIndex: usearchIndex({ histories: sampleOf(dataset) }) } : {}),
  });
}

/** Users whose histories an index is measured on. */
const mostSampled = 500;

/** Histories of users at even distances: of the eager and of the others alike. */
function sampleOf({ sequences, times }: Dataset): ReadableHistory[] {
  const step = Math.max(1, Math.ceil(sequences.length / mostSampled));
  const histories: ReadableHistory[] = [];
  for (let user = 0; user < sequences.length; user += step) {
    const items = [...sequences.at(user)!];
    if (items.length > 0)
      histories.push({ items, ...(times ? { times: [...times.at(user)!] } : {}) });
  }
  return histories;
}

/** How often each item was chosen, by anyone at any time: held-out choices are choices as well. */
function choiceCounts({ itemIds, sequences }: Dataset): Int32Array {
  const counts = new Int32Array(itemIds.length);
  for (const sequence of sequences) for (const item of sequence) counts[item]!++;
  return counts;
}

const imageOf = (image: string | undefined) => (image === undefined ? {} : { image });

/** None of a model that was not evaluated. */
async function metricsOf(run: Run, name: string): Promise<Manifest['metrics']> {
  const figures = await ifThere(savedFigures(run, name));
  return figures ? { test: figures.test, validation: figures.validation } : {};
}
