import { type Embedder, type ExtractionReport, extract } from '@rodpo/features';
import type { Modality } from '../config/feature-settings.ts';
import { catalogueOf, imageFolder } from '../features/catalogue.ts';
import { type Extraction, extractByQueue } from '../features/extract-by-queue.ts';
import { openEmbedder } from '../features/open-embedder.ts';
import { vectorSourceOf } from '../features/own-vectors/own-vectors.ts';
import { readingFrom } from '../features/relative-inputs.ts';
import type { Run } from '../run/run.ts';

/** How one of several processes shares the work; without a share, a process does all. */
export interface ExtractOptions {
  /** Every `count`-th shard, from the `index`-th on, counted from 1. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** A Redis URL: shards are taken from a queue there. */
  readonly queue?: string;
  /** Shards that the queue gave up are sent again. */
  readonly retryFailed?: boolean;
  /** Stop at the first item that cannot be used, instead of recording it. */
  readonly strict?: boolean;
}

/** Images and texts of the catalogue → a store of item vectors for each modality asked for. */
export async function extractFeatures(run: Run, options: ExtractOptions = {}): Promise<void> {
  for (const modality of ['image', 'text'] as const) {
    if (run.config.features[modality]) await extractModality(run, modality, options);
  }
}

async function extractModality(
  run: Run,
  modality: Modality,
  options: ExtractOptions,
): Promise<void> {
  const source = await catalogueOf(run, modality);
  const opened = await openEmbedder(run, modality, source);
  const readsFiles = modality === 'image' && !vectorSourceOf(run.config, modality);
  const embedder = readsFiles ? readingFrom(imageFolder(run), opened) : opened;
  try {
    const { queue } = options;
    if (queue !== undefined) {
      await extractByQueue({ run, modality, source, embedder }, { ...options, queue });
    } else {
      say(run, modality, embedder, await extractHere({ run, modality, source, embedder }, options));
    }
  } finally {
    await embedder.dispose();
  }
}

async function extractHere(
  { run, modality, source, embedder }: Extraction,
  { shard, strict = false }: ExtractOptions,
): Promise<ExtractionReport> {
  const { shardSize, batchSize, concurrency } = run.config.features;
  const bar = run.reporter.progress(`${modality} vectors`, source.itemCount, 'items');
  let shown = 0;
  const report = await extract(source, embedder, {
    folder: run.file('features', modality),
    shardSize,
    batchSize,
    concurrency,
    strict,
    signal: run.signal,
    ...(shard ? { shard } : {}),
    onProgress: ({ done }) => {
      bar.advance(done - shown);
      shown = done;
    },
  });
  if (report.shardsMade > 0) await run.recordVersions();
  bar.done(`${modality}: ${report.shardsMade} shards made, ${report.shardsKept} kept`);
  return report;
}

function say(
  { reporter }: Run,
  modality: Modality,
  { description, dimension }: Embedder<string>,
  { embeddedCount, failures, complete }: ExtractionReport,
): void {
  const without = Object.entries(failures).map(([reason, count]) => `${count} ${reason}`);
  reporter.say(
    `${modality}: ${embeddedCount} vectors of ${dimension} by ${description.model}` +
      (without.length > 0 ? `; without: ${without.join(', ')} (see manifest.json)` : '') +
      (complete ? '' : '; other shards of the store are still missing'),
  );
}
