import { digestSha256 } from './digest-sha256.ts';

/**
 * SHA-256 of bytes in hexadecimal, without Node: by the platform's SubtleCrypto, and where there is none, as
 * on pages that came neither by https nor from this machine, by a plain loop.
 */
export async function sha256OfBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const crypto: Partial<typeof globalThis.crypto> | undefined = globalThis.crypto;
  const digest = crypto?.subtle
    ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    : digestSha256(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
