import { type FileHandle, open } from 'node:fs/promises';
import { type FittedText, modelName, revision } from './fitted-text.ts';
import { type TextDescriptor, textDescriptor } from './text-descriptor.ts';

/** Bytes of the header's length, at the start of the file. */
const lengthBytes = 8;

/** One read of more than 2 GiB fails. */
const readBytes = 2 ** 30;

/** What `saveFittedText` keeps beside the arrays. */
interface FitHeader extends Pick<FittedText, 'settings' | 'documentCount'> {
  readonly model: string;
  readonly revision: string;
  readonly checksum: string;
}

/**
 * A descriptor that `save` wrote: the same vectors, bit for bit. For machines with little-endian
 * numbers, which is all that Node.js runs on but IBM's z.
 *
 * @throws {Error} if the file cannot be read, is damaged, or was fitted by another revision
 */
export async function loadTextDescriptor(file: string): Promise<TextDescriptor> {
  const { fit, fitted } = parseFit(await readWhole(file), file);
  if (fit.model !== modelName || fit.revision !== revision) {
    throw new Error(
      `${file} was fitted by ${fit.model} revision ${fit.revision}, this is ${modelName} ` +
        `revision ${revision}: fit and save it again.`,
    );
  }
  const descriptor = textDescriptor(fitted);
  if (descriptor.description.checksum === fit.checksum) return descriptor;
  throw damaged(file, 'its checksum does not fit');
}

function parseFit(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
): { fit: FitHeader; fitted: FittedText } {
  try {
    const bodyStart = lengthBytes + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const json = new TextDecoder().decode(bytes.subarray(lengthBytes, bodyStart));
    const header = JSON.parse(json);
    const fit: FitHeader = JSON.parse(header.__metadata__.fit);
    const { dimension } = fit.settings;
    const count: number = header.columns.shape[0];
    const columnsStart = bodyStart + count * Float64Array.BYTES_PER_ELEMENT;
    const projectionStart = columnsStart + count * Int32Array.BYTES_PER_ELEMENT;
    const fitted = {
      settings: fit.settings,
      documentCount: fit.documentCount,
      idf: new Float64Array(bytes.buffer, bodyStart, count),
      columns: new Int32Array(bytes.buffer, columnsStart, count),
      projection: new Float32Array(bytes.buffer, projectionStart, count * dimension),
    };
    return { fit, fitted };
  } catch (cause) {
    throw damaged(file, 'it cannot be parsed', cause);
  }
}

function damaged(file: string, problem: string, cause?: unknown): Error {
  return new Error(
    `${file} is not a whole text descriptor: ${problem}. Copy it again, or fit and save it again.`,
    { cause },
  );
}

async function readWhole(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await open(file, 'r');
  try {
    return await readAll(handle);
  } finally {
    await handle.close();
  }
}

/** Into an array that starts where its buffer does, so that numbers in it are aligned. */
async function readAll(handle: FileHandle): Promise<Uint8Array<ArrayBuffer>> {
  const { size } = await handle.stat();
  const bytes = new Uint8Array(size);
  for (let done = 0; done < size; ) {
    const length = Math.min(readBytes, size - done);
    const { bytesRead } = await handle.read(bytes, done, length, done);
    if (bytesRead === 0) break; // it became shorter: the checksum will tell
    done += bytesRead;
  }
  return bytes;
}
