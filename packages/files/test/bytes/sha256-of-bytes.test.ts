import { createHash } from 'node:crypto';
import { sha256OfBytes } from '@rodpo/files/bytes';
import { afterEach, describe, expect, test, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

/** SubtleCrypto is not there on pages that came by plain http from another machine. */
describe.each([
  ['SubtleCrypto', () => undefined],
  ['a plain loop', () => vi.stubGlobal('crypto', {})],
  ['a plain loop, where nothing is known of crypto', () => vi.stubGlobal('crypto', undefined)],
])('by %s', (_, setUp) => {
  // FIPS 180-2, appendix B.
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('%j has the digest that the standard gives it', async (text, digest) => {
    setUp();

    expect(await sha256OfBytes(new TextEncoder().encode(text))).toBe(digest);
  });

  test('bytes of every length up to three blocks have the digest that OpenSSL gives them', async () => {
    setUp();
    const all = Uint8Array.from({ length: 200 }, (_byte, place) => (place * 151) % 256);

    for (let length = 0; length < 195; length++) {
      const bytes = all.subarray(3, 3 + length); // a view that does not begin at the start
      expect(await sha256OfBytes(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });
});
