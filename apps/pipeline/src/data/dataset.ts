import { readFile } from 'node:fs/promises';
import type { SequenceDataset } from '@rodpo/data';
import { readSafetensors, writeSafetensors } from '@rodpo/trainer';
import { type Run, writeJson } from '../run/run.ts';

/** Prepared interactions, and the true tastes where a simulation knows them. */
export interface Dataset extends SequenceDataset {
  /** `[users * items]` row-major, 1 = the user would like the item; only for simulated data. */
  readonly liked?: Uint8Array;
}

/** Saves a dataset in the run folder; ids last, so that their presence means it is complete. */
export async function saveDataset(run: Run, dataset: Dataset): Promise<void> {
  const { sequences, userIds, itemIds, liked } = dataset;
  const lengths = Int32Array.from(sequences, (sequence) => sequence.length);
  const items = new Int32Array(lengths.reduce((total, length) => total + length, 0));
  let offset = 0;
  for (const sequence of sequences) {
    items.set(sequence, offset);
    offset += sequence.length;
  }
  await writeSafetensors(run.file('data', 'interactions.safetensors'), {
    lengths: { shape: [lengths.length], data: lengths },
    items: { shape: [items.length], data: items },
    ...(liked ? { liked: { shape: [userIds.length, itemIds.length], data: liked } } : {}),
  });
  await writeJson(run.file('data', 'ids.json'), { userIds, itemIds });
}

/** The dataset that `saveDataset` left, or nothing if it has not finished. */
export async function loadDataset(run: Run): Promise<Dataset | undefined> {
  const text = await readFile(run.file('data', 'ids.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { tensors } = await readSafetensors(run.file('data', 'interactions.safetensors'));
  const items = tensors.items!.data as Int32Array;
  let offset = 0;
  const sequences = Array.from(tensors.lengths!.data as Int32Array, (length) => {
    offset += length;
    return items.subarray(offset - length, offset);
  });
  const liked = tensors.liked?.data as Uint8Array | undefined;
  return { ...JSON.parse(text), sequences, ...(liked ? { liked } : {}) };
}
