import '@tensorflow/tfjs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hm4srEncoder, transformerEncoder } from '@rodpo/encoder';
import { seededRandom } from '@rodpo/random';
import {
  compiledEngine,
  type EncoderInputs,
  exportEncoder,
  openWorkspace,
  pretrain,
  type Weights,
  type Workspace,
  type WorkspaceOptions,
} from '@rodpo/recipe';
import { setBackend } from '@tensorflow/tfjs-core';
import { writeBundle } from '../src/bundle/write-bundle.ts';

export const itemCount = 60;
export const maxLength = 8;

const sizes = { maxLength, dimension: 16, blockCount: 2, headCount: 2 };
const experts = { expertCount: 4, activeCount: 2, width: 8 };

type Kind = Pick<WorkspaceOptions, 'encoder' | 'intervals'> & { readonly hasVectors?: boolean };

/** Encoders of every sort, for items of which they know the id, a text, or both. */
export const kinds: Readonly<Record<string, Kind>> = {
  'ids alone': {
    encoder: ({ itemCount: items }) => transformerEncoder({ itemCount: items, ...sizes }),
  },
  'a mixture of experts': {
    encoder: ({ itemCount: items }) => transformerEncoder({ itemCount: items, ...sizes, experts }),
  },
  ...Object.fromEntries(
    (['early', 'gated', 'late'] as const).map((fusion) => [
      `ids and texts, fused ${fusion}`,
      {
        hasVectors: true,
        encoder: ({ itemCount: items, vectors }: EncoderInputs) =>
          transformerEncoder({
            itemCount: items,
            ...sizes,
            streams: { id: true, vectors },
            fusion,
          }),
      },
    ]),
  ),
  'texts alone': {
    hasVectors: true,
    encoder: ({ itemCount: items, vectors }) =>
      transformerEncoder({ itemCount: items, ...sizes, streams: { id: false, vectors } }),
  },
  intervals: {
    intervals: { count: 32 },
    encoder: ({ itemCount: items }) =>
      transformerEncoder({ itemCount: items, ...sizes, positions: 'intervals' }),
  },
  HM4SR: {
    hasVectors: true,
    intervals: { count: 32, perOctave: 2 },
    encoder: ({ itemCount: items, vectors }) =>
      hm4srEncoder({
        itemCount: items,
        vectors,
        ...sizes,
        temporal: { intervalCount: 32 },
      }),
  },
};

/** A model that has learned a little, of users who go on to one of the next three items. */
export async function trained(kind: Kind): Promise<{ workspace: Workspace; weights: Weights }> {
  await setBackend('cpu');
  const random = seededRandom(11);
  const sequences = Array.from({ length: 150 }, (_, user) => {
    let item = Math.floor(random() * itemCount);
    return Int32Array.from({ length: 4 + (user % 12) }, () => {
      item = (item + 1 + Math.floor(random() * 3)) % itemCount;
      return item;
    });
  });
  const texts = Float32Array.from({ length: itemCount * 6 }, () => random() - 0.5);
  const workspace = openWorkspace({
    engine: compiledEngine({ threads: 1 }),
    dataset: {
      userIds: sequences.map((_, user) => `user${user}`),
      itemIds: Array.from({ length: itemCount }, (_, item) => idOf(item)),
      sequences,
      ...(kind.intervals
        ? { times: sequences.map((own) => Float64Array.from(own, (_, place) => timeOf(place))) }
        : {}),
    },
    ...(kind.hasVectors ? { vectors: { text: { dimension: 6, vectors: texts } } } : {}),
    ...(kind.intervals ? { intervals: kind.intervals } : {}),
    encoder: kind.encoder,
    maxLength,
    rowLength: 20,
    rowCount: 8,
  });
  const { weights } = await pretrain(workspace, { maxEpochs: 2, learningRate: 0.01 });
  return { workspace, weights };
}

export const timeOf = (place: number): number => 1000 + 100 * place ** 2;

/** Ids that no number can stand for. */
export const idOf = (item: number): string => `0${item}`;

/** A folder of its own that is not there yet. */
export async function newFolder(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'bundle');
}

/** Writes a bundle of the model. @returns its folder */
export async function exported({
  workspace,
  weights,
}: {
  readonly workspace: Workspace;
  readonly weights: Weights;
}): Promise<string> {
  const folder = await newFolder();
  const { encoder, scores, items, newItems, ...settings } = await exportEncoder(workspace, weights);
  const [count, width] = items.shape as [number, number];
  const counts = new Int32Array(count);
  for (const own of workspace.dataset.sequences) for (const item of own) counts[item]!++;
  await writeBundle(folder, {
    model: 'pretrained',
    settings: { itemCount: count, width, ...settings },
    encoder,
    scores,
    newItems,
    vectors: items.data as Float32Array,
    counts,
    items: workspace.dataset.itemIds.map((id, item) => ({
      id,
      title: `Item ${item}`,
      attributes: { third: item % 3 },
    })),
    metrics: {},
  });
  return folder;
}
