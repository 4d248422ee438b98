import { type ExportSpec, exportOnnx } from '@rodpo/compile';
import type { IntervalBucketOptions } from '@rodpo/encoder';
import type { NamedArray } from '@rodpo/files';
import { matMul, type Tensor2D } from '@tensorflow/tfjs-core';
import type { TimeScale } from '../batches/time-inputs.ts';
import { encodeSpecs, encodeStep } from '../steps/encode-step.ts';
import { itemBlocks } from '../workspace/item-blocks.ts';
import { splitRows } from '../workspace/item-rows.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { exportNewItems } from './export-new-items.ts';

/** A model in parts that need no tfjs. */
export interface ExportedEncoder {
  /**
   * The sequence side as ONNX: what `inputs` names, `[tokens]` each and `vectors` `[tokens, width]`, to
   * `hidden` `[tokens, width]`. Tokens are whole rows of `rowLength`, however many.
   */
  readonly encoder: Uint8Array;
  /** Names of its inputs. */
  readonly inputs: readonly string[];
  /** The item side, worked out: `[itemCount, width]`. */
  readonly items: NamedArray;
  /** ONNX: `users` `[users, width]` and `items` `[blockSize, width]` to `scores` `[users, blockSize]`. */
  readonly scores: Uint8Array;
  /** Items that are scored together; no more than there are. */
  readonly blockSize: number;
  readonly rowLength: number;
  /** Most recent items of a history that are read. */
  readonly maxLength: number;
  /**
   * The item side as ONNX, for items without a trained row: `features.NAME.vectors` `[items, …]` and
   * `features.NAME.present` `[items]` (1 or 0) of each of `modalities`, however many items, to `items`
   * `[items, width]`. Absent if the encoder knows items by ids alone.
   */
  readonly newItems?: Uint8Array;
  /** What `newItems` reads: numbers in a vector, by modality. There with it. */
  readonly modalities?: Readonly<Record<string, number>>;
  /** How times are read; absent if the encoder reads none. */
  readonly times?: TimeScale & Required<IntervalBucketOptions>;
}

/** Items scored together: their scores and those of some dozen users fit in a processor's cache. */
const mostItems = 16_384;

export interface ExportEncoderOptions {
  /**
   * Whether `newItems` is wanted: `true` asks for it, `false` leaves it out. Default: where the encoder
   * reads vectors of modalities.
   */
  readonly newItems?: boolean;
  /** Of the weights of `encoder` and `newItems`, as in `exportOnnx`. Default: 'float32'. */
  readonly precision?: 'float32' | 'float16';
}

/**
 * The model of these weights for a program without tfjs: it scores as `recommend` and `rank` do.
 *
 * @throws {NewItemsError} if new items are asked for and the encoder knows items by ids alone
 * @throws {DynamicShapeError} | {UnsupportedKernelError} of `@rodpo/compile` if the encoder cannot be
 * exported
 */
export async function exportEncoder(
  workspace: Workspace,
  weights: Weights,
  { newItems, precision = 'float32' }: ExportEncoderOptions = {},
): Promise<ExportedEncoder> {
  const { encoder, layout, times } = workspace;
  const addition =
    newItems === false
      ? {}
      : exportNewItems(workspace, weights, { isNeeded: newItems === true, precision });
  const { rowLength, maxLength, intervals } = layout;
  const inputs = Object.entries(encodeSpecs(layout, encoder)).map(
    ([name, { shape, dtype }]): [string, ExportSpec] => [
      name,
      { shape: ['tokens', ...shape.slice(1)], dtype },
    ],
  );
  const model = exportOnnx(encodeStep(layout, encoder), {
    inputs: Object.fromEntries(inputs),
    multipleOf: rowLength,
    precision,
    state: splitRows(encoder, weights).others,
  });
  const items = await (await workspace.itemTable(weights)).vectors(weights);
  const { size: blockSize } = itemBlocks(items.shape[0]!, mostItems);
  return {
    encoder: model,
    inputs: inputs.map(([name]) => name),
    items,
    scores: scoresModel(encoder.width, blockSize),
    blockSize,
    rowLength,
    maxLength,
    ...addition,
    ...(times && intervals ? { times: { ...times.scale, ...intervals } } : {}),
  };
}

function scoresModel(width: number, blockSize: number): Uint8Array {
  const spec = (extent: number | string): ExportSpec => ({
    shape: [extent, width],
    dtype: 'float32',
  });
  return exportOnnx(
    ({ inputs: { users, items } }) => ({
      outputs: { scores: matMul(users as Tensor2D, items as Tensor2D, false, true) },
    }),
    { inputs: { users: spec('users'), items: spec(blockSize) } },
  );
}
