import type { IncomingMessage } from 'node:http';
import { quote } from '@rodpo/errors';
import { DownloadFailure, networkFailure } from './download-failure.ts';
import { headLength } from './image-format.ts';

export interface ReadBodyOptions {
  readonly maxBytes: number;
  /** Called when something has come. */
  readonly onChunk: () => void;
}

/**
 * The bytes of an image, piece by piece; the first piece is long enough to tell its format, if
 * there is as much at all.
 *
 * @throws {DownloadFailure} if the body is compressed, too large or broken off
 */
export async function* readBody(
  response: IncomingMessage,
  { maxBytes, onChunk }: ReadBodyOptions,
): AsyncGenerator<Buffer, void, undefined> {
  requirePlain(response);
  const declared = Number(response.headers['content-length'] ?? 0);
  if (declared > maxBytes) throw tooLarge(`${declared} bytes announced`, maxBytes);

  let head: Buffer | undefined = Buffer.alloc(0);
  let length = 0;
  for await (const chunk of chunksOf(response)) {
    onChunk();
    length += chunk.length; // whatever was announced
    if (length > maxBytes) throw tooLarge('more bytes came', maxBytes);
    const piece: Buffer = head ? Buffer.concat([head, chunk]) : chunk;
    head = head && piece.length < headLength ? piece : undefined;
    if (!head) yield piece;
  }
  if (head) yield head;
}

/** Reads on for a little, so that the connection can be used again; a long body is cut off. */
export async function discardBody(response: IncomingMessage): Promise<void> {
  let left = 2 ** 16;
  for await (const chunk of chunksOf(response)) {
    left -= chunk.length;
    if (left < 0) return;
  }
}

/** Only what the network does wrong is a failure of the download; the reader's errors are not. */
async function* chunksOf(response: IncomingMessage): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of response) yield chunk;
  } catch (cause) {
    throw networkFailure(cause);
  }
}

function requirePlain({ headers }: IncomingMessage): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' || encoding === '') return;
  throw new DownloadFailure(
    'unsupported',
    `body compressed as ${quote(encoding)}, which was not asked for`,
  );
}

function tooLarge(found: string, maxBytes: number): DownloadFailure {
  return new DownloadFailure('tooLarge', `${found}, the limit is ${maxBytes}`);
}
