import { FlatSequences, flatSequences } from '@rodpo/data';
import {
  FileDamagedError,
  ifThere,
  type NamedArray,
  readSealedJson,
  writeSealedJson,
} from '@rodpo/files';
import { type Dataset, matrixTastes } from '@rodpo/recipe';
import { latentTastes, type TasteTable } from '@rodpo/simulator';
import type { Label } from '../run/label.ts';
import { loadTensors, saveTensors } from '../run/labelled-tensors.ts';
import type { Run } from '../run/run.ts';

export type { Dataset };

/**
 * Saves a dataset in the run folder; ids last, so that their presence means it is complete.
 *
 * @param tastes what a simulation's tastes are worked out from, of the dataset's users and items
 */
export async function saveDataset(run: Run, dataset: Dataset, tastes?: TasteTable): Promise<void> {
  const { sequences, times, userIds, itemIds } = dataset;
  const flat = flatSequences(sequences);
  const lengths = flat.lengths();
  const items = flat.packed();
  const tensors = {
    lengths: { shape: [lengths.length], data: lengths },
    items: { shape: [items.length], data: items },
    ...(times ? { times: bitsOf(flatSequences(times, Float64Array).packed()) } : {}),
    ...(tastes ? prefixedTastes(tastes) : {}),
  };
  await saveTensors(run, sequencesFile(run), label(run), { tensors, metadata: {} });
  await writeSealedJson(idsFile(run), { run: run.identity.inputs, userIds, itemIds });
}

/**
 * The dataset that `saveDataset` left, or nothing if it has not finished.
 *
 * @throws {FileDamagedError} if it is damaged, or was made with other settings or data
 */
export async function loadDataset(run: Run): Promise<Dataset | undefined> {
  const ids = await ifThere(readSealedJson(idsFile(run)));
  if (ids === undefined) return undefined;
  const saved = await loadTensors(sequencesFile(run), label(run));
  if (!saved) throw damaged(sequencesFile(run), 'it is gone, and the ids beside it are there');
  if (!Array.isArray(ids.userIds) || !Array.isArray(ids.itemIds)) {
    throw damaged(idsFile(run), 'it does not hold the ids of users and items');
  }
  if (ids.run !== run.identity.inputs) {
    throw damaged(idsFile(run), 'it is of a run with other settings or data');
  }
  const { tensors } = saved;
  const lengths = tensors.lengths!.data as Int32Array;
  const sequences = FlatSequences.ofLengths(tensors.items!.data as Int32Array, lengths);
  const [userIds, itemIds] = [ids.userIds as string[], ids.itemIds as string[]];
  const tastes = tastesIn(tensors, itemIds.length);
  return {
    userIds,
    itemIds,
    sequences,
    ...(tensors.times ? { times: FlatSequences.ofLengths(fromBits(tensors.times), lengths) } : {}),
    ...(tastes ? { tastes } : {}),
  };
}

function prefixedTastes(tastes: TasteTable): Record<string, NamedArray> {
  const [users, items] = [tastes.ends.length, tastes.appeal.length];
  const { dimension } = tastes;
  return {
    'tastes.vectors': { shape: [items, dimension], data: tastes.vectors },
    'tastes.appeal': { shape: [items], data: tastes.appeal },
    'tastes.dearness': { shape: [items], data: tastes.dearness },
    'tastes.points': { shape: [tastes.points.length / dimension, dimension], data: tastes.points },
    'tastes.ends': { shape: [users], data: tastes.ends },
    'tastes.priceSensitivity': bitsOf(tastes.priceSensitivity),
    'tastes.threshold': { shape: [users], data: tastes.threshold },
  };
}

/** As they are written now, or as a matrix, as they once were. */
function tastesIn(
  tensors: Readonly<Record<string, NamedArray>>,
  itemCount: number,
): Dataset['tastes'] {
  if (tensors.liked) return matrixTastes(tensors.liked.data as Uint8Array, itemCount);
  if (!tensors['tastes.vectors']) return undefined;
  const floats = (name: string) => tensors[`tastes.${name}`]!.data as Float32Array;
  return latentTastes({
    dimension: tensors['tastes.vectors'].shape[1]!,
    vectors: floats('vectors'),
    appeal: floats('appeal'),
    dearness: floats('dearness'),
    points: floats('points'),
    ends: tensors['tastes.ends']!.data as Int32Array,
    priceSensitivity: fromBits(tensors['tastes.priceSensitivity']!),
    threshold: floats('threshold'),
  });
}

const idsFile = ({ file }: Pick<Run, 'file'>): string => file('data', 'ids.json');

const sequencesFile = ({ file }: Pick<Run, 'file'>): string =>
  file('data', 'interactions.safetensors');

function label({ identity }: Run): Label {
  return { holds: 'prepared interactions', of: 'all users', run: identity.inputs };
}

function damaged(file: string, problem: string): FileDamagedError {
  return new FileDamagedError(file, {
    problem,
    advice: "Put the run's own files back, or delete the folder 'data' to prepare them anew.",
  });
}

/** Float64 as pairs of int32, low half first: weights need no type as wide, times do. */
function bitsOf({ buffer, byteOffset, length }: Float64Array): NamedArray {
  return { shape: [length, 2], data: new Int32Array(buffer, byteOffset, 2 * length) };
}

function fromBits({ data: { buffer, byteOffset, length } }: NamedArray): Float64Array {
  return new Float64Array(buffer, byteOffset, length / 2);
}
