import type { IncomingMessage } from 'node:http';
import { DownloadFailure } from './download-failure.ts';
import { describeUrl, parseImageUrl } from './image-url.ts';
import { retryAfterMilliseconds } from './retry-after.ts';

const redirects = new Set([301, 302, 303, 307, 308]);

/** Too early, too slow, too many: the client is told to come back. Other 4xx stay as they are. */
const passing = new Set([408, 425, 429]);

/** Where a response redirects to; undefined if it does not. */
export function redirectTarget(
  { statusCode, headers }: IncomingMessage,
  from: URL,
): URL | undefined {
  if (!redirects.has(statusCode!) || headers.location === undefined) return undefined;
  return parseImageUrl(headers.location, from);
}

/** The failure that a status stands for; undefined if a body with the image follows. */
export function statusFailure(
  { statusCode, headers }: IncomingMessage,
  { url, now }: { readonly url: URL; readonly now: number },
): DownloadFailure | undefined {
  if (statusCode === 200) return undefined;
  const isGone = statusCode === 404 || statusCode === 410;
  const transient = statusCode! >= 500 || passing.has(statusCode!);
  const retryAfter = transient ? headers['retry-after'] : undefined;
  return new DownloadFailure(
    isGone ? 'missing' : 'unreachable',
    `HTTP ${statusCode} from ${describeUrl(url)}`,
    {
      transient,
      retryAfterMilliseconds: retryAfterMilliseconds(retryAfter, now),
    },
  );
}
