const SCHEMES = ['redis:', 'rediss:'];

/**
 * A connection's `host:port`, which may be shown: it holds no password.
 *
 * @throws {RangeError} if it is not a Redis URL
 */
export function redisAddress(connection: string): string {
  const url = URL.canParse(connection) ? new URL(connection) : undefined;
  if (!url || !SCHEMES.includes(url.protocol) || !url.hostname || !isDatabase(url.pathname)) {
    throw new RangeError(
      'connection must be a Redis URL like redis://127.0.0.1:6379 or ' +
        `rediss://user:password@host:6380/0, got ${JSON.stringify(withoutPassword(connection))}`,
    );
  }
  return `${url.hostname}:${url.port || 6379}`;
}

function isDatabase(path: string): boolean {
  return /^\/?\d*$/.test(path);
}

function withoutPassword(connection: string): string {
  return connection.replace(/^([a-z]+:\/\/)?.*@/is, '$1***@');
}
