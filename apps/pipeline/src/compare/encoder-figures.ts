import { encoderCostOf } from '../config/encoder-of.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Run } from '../run/run.ts';
import { vectorWidths } from '../stages/workspace.ts';
import type { EncoderResult } from './comparison.ts';

/** Size and cost of the encoder that a run trains, for rows as its batches have them. */
export async function encoderFigures(
  run: Run,
  dataset: Dataset,
): Promise<Omit<EncoderResult, 'name'>> {
  const { encoder, batch } = run.config;
  const vectors = await vectorWidths(run);
  const inputs = { itemCount: dataset.itemIds.length, vectors };
  const { parameters, activeParameters, flopsPerToken } = encoderCostOf(
    encoder,
    inputs,
    batch.rowLength,
  );
  return { parameters, activeParameters, flopsPerToken };
}
