import type { Dataset } from '../data/dataset.ts';
import { encoderCostOf } from '../model/encoder-of.ts';
import { openModel } from '../model/model.ts';
import type { Run } from '../run/run.ts';
import { vectorsOf } from '../steps/features.ts';
import type { EncoderResult } from './comparison.ts';

/** Size and cost of the encoder that a run trains, for rows as its batches have them. */
export async function encoderFigures(
  run: Run,
  dataset: Dataset,
): Promise<Omit<EncoderResult, 'name'>> {
  const { encoder, batch } = run.config;
  const { features } = await openModel(run, dataset);
  const widths = encoder.streams
    .filter((stream) => stream !== 'id')
    .map((stream) => [stream, features[vectorsOf(stream)]!.shape[1]!] as const);
  const inputs = { itemCount: dataset.itemIds.length, vectors: Object.fromEntries(widths) };
  const { parameters, activeParameters, flopsPerToken } = encoderCostOf(
    encoder,
    inputs,
    batch.rowLength,
  );
  return { parameters, activeParameters, flopsPerToken };
}
