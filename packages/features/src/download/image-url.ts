import { quote } from '@rodpo/errors';
import { DownloadFailure } from './download-failure.ts';

/**
 * A URL in its one normal form, without the fragment, so that equal ones are equal texts. Hosts
 * in odd notations come out as plain addresses: `http://0x7f.1/` as `http://127.0.0.1/`.
 *
 * @throws {DownloadFailure} if the text is no absolute URL
 */
export function parseImageUrl(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) {
    throw new DownloadFailure('unsupported', `not a URL: ${quote(text, 200)}`);
  }
  const url = new URL(text, base);
  url.hash = '';
  return url;
}

/** @throws {DownloadFailure} if the URL may not be asked, wherever its host is */
export function requireAllowedUrl(url: URL, allowedPorts: readonly number[]): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refusal(`only http and https are downloaded, got ${shorten(url.href)}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refusal(`${describeUrl(url)} carries a user name or a password`);
  }
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  if (!allowedPorts.includes(port)) {
    throw refusal(`port ${port} of ${describeUrl(url)} is not one of ${allowedPorts.join(', ')}`);
  }
}

/** A URL for messages and logs: short, and without credentials. */
export function describeUrl(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return shorten(bare.href);
}

function refusal(message: string): DownloadFailure {
  return new DownloadFailure('refused', message);
}

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
