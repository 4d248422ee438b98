import { type ExportSpec, exportOnnx } from '@rodpo/compile';
import { ActionableError } from '@rodpo/errors';
import type { NamedArray } from '@rodpo/files';
import { itemCounts } from '../batches/item-counts.ts';
import { newItemsStep } from '../steps/encode-step.ts';
import { presentOf, vectorsOf } from '../steps/features.ts';
import { splitRows } from '../workspace/item-rows.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** New items were asked for of an encoder that has nothing to know them by. */
export class NewItemsError extends ActionableError {
  override readonly name = 'NewItemsError';
}

/** The item side of an encoder that reads modalities: what `exportEncoder` adds for new items. */
export interface ExportedNewItems {
  readonly newItems?: Uint8Array;
  readonly modalities?: Readonly<Record<string, number>>;
}

/** @throws {NewItemsError} if it must be there, and the encoder knows items by ids alone */
export function exportNewItems(
  { encoder, widths, set }: Pick<Workspace, 'encoder' | 'widths' | 'set'>,
  weights: Weights,
  { isNeeded, precision }: { isNeeded: boolean; precision: 'float32' | 'float16' },
): ExportedNewItems {
  if (!encoder.newItems) {
    if (!isNeeded) return {};
    throw new NewItemsError(
      'The encoder knows items by their ids alone, and a new item has no trained row: there is nothing to ' +
        'make its vector of. Train an encoder that reads vectors of a modality (streams), or export ' +
        'without new items.',
    );
  }
  const modalities = Object.fromEntries(
    encoder.newItems.modalities.map((name) => [name, widths[name]!]),
  );
  const inputs = Object.entries(modalities).flatMap(([name, width]): [string, ExportSpec][] => [
    [vectorsOf(name), { shape: ['items', width], dtype: 'float32' }],
    [presentOf(name), { shape: ['items'], dtype: 'float32' }],
  ]);
  const { rows, others } = splitRows(encoder, weights);
  const counts = itemCounts(set);
  const means = Object.entries(rows).map(([name, own]) => [name, meanRow(own, counts)]);
  const newItems = exportOnnx(newItemsStep(encoder.newItems), {
    inputs: Object.fromEntries(inputs),
    precision,
    state: { ...others, ...Object.fromEntries(means) },
  });
  return { newItems, modalities };
}

/**
 * `[1, …]`: the mean of the rows of items that were learned from. The others have no choice to their name,
 * and their rows are their first draw, or pushed away from everyone.
 */
function meanRow({ shape, data }: NamedArray, counts: Int32Array): NamedArray {
  const width = data.length / shape[0]!;
  const sums = new Float64Array(width);
  const learned = [...counts.keys()].filter((item) => counts[item]! > 0);
  for (const item of learned) {
    for (let at = 0; at < width; at++) sums[at]! += data[item * width + at]!;
  }
  const mean = Float32Array.from(sums, (sum) => sum / learned.length);
  return { shape: [1, ...shape.slice(1)], data: mean };
}
