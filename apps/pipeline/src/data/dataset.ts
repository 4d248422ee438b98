import { FlatSequences, flatSequences } from '@rodpo/data';
import {
  FileDamagedError,
  ifThere,
  type NamedArray,
  readSealedJson,
  writeSealedJson,
} from '@rodpo/files';
import type { Dataset } from '@rodpo/recipe';
import type { Label } from '../run/label.ts';
import { loadTensors, saveTensors } from '../run/labelled-tensors.ts';
import type { Run } from '../run/run.ts';

export type { Dataset };

/** Saves a dataset in the run folder; ids last, so that their presence means it is complete. */
export async function saveDataset(run: Run, dataset: Dataset): Promise<void> {
  const { sequences, times, userIds, itemIds, liked } = dataset;
  const flat = flatSequences(sequences);
  const lengths = flat.lengths();
  const items = flat.packed();
  const tensors = {
    lengths: { shape: [lengths.length], data: lengths },
    items: { shape: [items.length], data: items },
    ...(times ? { times: bitsOf(flatSequences(times, Float64Array).packed()) } : {}),
    ...(liked ? { liked: { shape: [userIds.length, itemIds.length], data: liked } } : {}),
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
  const liked = tensors.liked?.data as Uint8Array | undefined;
  return {
    userIds: ids.userIds as string[],
    itemIds: ids.itemIds as string[],
    sequences,
    ...(tensors.times ? { times: FlatSequences.ofLengths(fromBits(tensors.times), lengths) } : {}),
    ...(liked ? { liked } : {}),
  };
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
