import { writeSafetensors } from '@rodpo/files';
import type { EmbedderDescription } from '../embedder.ts';
import type { FittedText } from './fitted-text.ts';

/**
 * Writes a fit as one safetensors file, which Python reads as well.
 *
 * @see https://github.com/huggingface/safetensors#format
 */
export async function saveFittedText(
  { settings, documentCount, columns, idf, projection }: FittedText,
  { model, revision, checksum }: EmbedderDescription,
  file: string,
): Promise<void> {
  const fit = JSON.stringify({ model, revision, settings, documentCount, checksum });
  const tensors = {
    idf: { shape: [idf.length], data: idf },
    columns: { shape: [columns.length], data: columns },
    projection: { shape: [columns.length, settings.dimension], data: projection },
  };
  await writeSafetensors(file, tensors, { fit });
}
