import { actionable, quote } from '@rodpo/errors';

const SCHEMES = ['redis:', 'rediss:'];

/**
 * A connection's `host:port`, which may be shown: it holds no password.
 *
 * @throws {RangeError} if it is not a Redis URL
 */
export function redisAddress(connection: string): string {
  const url = URL.canParse(connection) ? new URL(connection) : undefined;
  if (!url || !SCHEMES.includes(url.protocol) || !url.hostname || !isDatabase(url.pathname)) {
    throw actionable(
      new RangeError(
        'connection must be a Redis URL like redis://127.0.0.1:6379 or ' +
          `rediss://user:password@host:6380/0, got ${quote(withoutPassword(connection))}`,
      ),
    );
  }
  return `${url.hostname}:${url.port || 6379}`;
}

function isDatabase(path: string): boolean {
  return /^\/?\d*$/.test(path);
}

/** A password stands before an @ or, where the host was forgotten, after a colon; or in the query. */
function withoutPassword(connection: string): string {
  const [address] = connection.split('?');
  const hidden = address!.replace(/^([a-z]+:\/\/)?.*@/is, '$1***@');
  const shown = hidden.replace(/^([a-z]+:\/\/)?([^/:@]*):(?!\d+(?:\/|$))[^/].*$/is, '$1$2:***');
  return address === connection ? shown : `${shown}?***`;
}
