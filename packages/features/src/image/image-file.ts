import { constants, type FileHandle, open } from 'node:fs/promises';
import { quote } from '@rodpo/errors';
import { headLength, type ImageExtension, sniffImage } from '../download/image-format.ts';
import { UnusableInput } from '../unusable-input.ts';
import { defaultMaxBytes, type ImageInput, type ImageLimits } from './image-input.ts';

/** An image file in memory, not decoded yet. */
export interface ImageFile {
  readonly bytes: Buffer;
  readonly format: ImageExtension;
  /** For messages: the path, or that there is none. */
  readonly name: string;
}

/**
 * Reads a file whole and tells its format from its first bytes, whatever it is called.
 *
 * Only the formats named by `sniffImage` go on to the decoder: others that it could read, such
 * as SVG, are programs of a kind and not for untrusted input.
 *
 * @throws {UnusableInput} `url`, `missing`, `tooLarge`, `corrupt` if empty, or `unsupported`
 */
export async function readImageFile(
  input: ImageInput,
  { maxBytes = defaultMaxBytes }: ImageLimits,
): Promise<ImageFile> {
  const isPath = typeof input === 'string';
  const name = isPath ? quote(input, 200) : 'The image';
  const bytes = isPath ? await readWhole(input, maxBytes) : asBuffer(input);
  refuseLarge(name, bytes.length, maxBytes);
  if (bytes.length === 0) throw new UnusableInput('corrupt', `${name} is empty (0 bytes).`);

  const format = sniffImage(bytes.subarray(0, headLength));
  if (format !== undefined) return { bytes, format, name };
  throw new UnusableInput(
    'unsupported',
    `${name} is not an image that is read here: its first bytes are those of no JPEG, PNG, ` +
      'WebP, GIF, TIFF or AVIF. Convert it to one of these.',
  );
}

async function readWhole(path: string, maxBytes: number): Promise<Buffer> {
  refuseUrl(path);
  const file = await openFile(path);
  try {
    const status = await file.stat();
    if (!status.isFile()) {
      throw new UnusableInput(
        'unsupported',
        `${quote(path, 200)} is not a file. Give the path of an image.`,
      );
    }
    refuseLarge(quote(path, 200), status.size, maxBytes);
    const bytes = Buffer.allocUnsafeSlow(status.size);
    const { bytesRead } = await file.read(bytes, 0, status.size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Without the flag, opening a named pipe would wait for somebody to write to it. */
async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    if (!isAbsent(cause)) throw cause;
    throw new UnusableInput('missing', `There is no file ${quote(path, 200)}.`, { cause });
  }
}

function isAbsent(cause: unknown): boolean {
  return absentCodes.has((cause as NodeJS.ErrnoException).code ?? '');
}

/** The last is a path with a zero byte in it. */
const absentCodes: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENAMETOOLONG',
  'ELOOP',
  'ERR_INVALID_ARG_VALUE',
]);

function refuseUrl(path: string): void {
  const address = /^(?:https?|ftp|file|data|blob):|^[a-z][a-z0-9+.-]+:\/\//i.exec(path)?.[0];
  if (address === undefined) return;
  throw new UnusableInput(
    'url',
    `Expected the path of an image file, got an address (${quote(address)}…). ` +
      'Download images first, as a step of its own (@rodpo/features/download).',
  );
}

function refuseLarge(name: string, byteCount: number, maxBytes: number): void {
  if (byteCount <= maxBytes) return;
  throw new UnusableInput(
    'tooLarge',
    `${name} has ${byteCount} bytes, more than the limit of ${maxBytes}. Raise maxBytes if you trust it.`,
  );
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
