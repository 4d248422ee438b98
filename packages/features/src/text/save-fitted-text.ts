import type { EmbedderDescription } from '../embedder.ts';
import { writeAtomically } from '../store/write-atomically.ts';
import { bytesOf, type FittedText } from './fitted-text.ts';

/** Bytes of the header's length, at the start of the file. */
const lengthBytes = 8;

/**
 * Writes a fit as one safetensors file, which Python reads as well. The widest numbers come first,
 * so that all lie where a typed array can start.
 *
 * @see https://github.com/huggingface/safetensors#format
 */
export async function saveFittedText(
  { settings, documentCount, columns, idf, projection }: FittedText,
  { model, revision, checksum }: EmbedderDescription,
  file: string,
): Promise<void> {
  const [idfEnd, columnsEnd] = [idf.byteLength, idf.byteLength + columns.byteLength];
  const fit = JSON.stringify({ model, revision, settings, documentCount, checksum });
  const header = encodeHeader({
    __metadata__: { fit },
    idf: { dtype: 'F64', shape: [idf.length], data_offsets: [0, idfEnd] },
    columns: { dtype: 'I32', shape: [columns.length], data_offsets: [idfEnd, columnsEnd] },
    projection: {
      dtype: 'F32',
      shape: [columns.length, settings.dimension],
      data_offsets: [columnsEnd, columnsEnd + projection.byteLength],
    },
  });
  await writeAtomically(file, [header, ...[idf, columns, projection].map(bytesOf)]);
}

function encodeHeader(header: object): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((lengthBytes - (json.length % lengthBytes)) % lengthBytes, ' ');
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  return Buffer.concat([length, json, padding]);
}
