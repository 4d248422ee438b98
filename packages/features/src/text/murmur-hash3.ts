/**
 * MurmurHash3 for 32-bit machines over `bytes[start..end)` with seed 0: a signed 32-bit integer.
 *
 * @see Appleby, "MurmurHash3_x86_32", https://github.com/aappleby/smhasher
 */
export function murmurHash3(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  const tail = end - ((end - start) & 3);
  for (let at = start; at < tail; at += 4) {
    hash ^= scramble(
      bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24),
    );
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let at = end - 1; at >= tail; at--) rest = (rest << 8) | bytes[at]!;
  return finish(hash ^ scramble(rest) ^ (end - start));
}

function scramble(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

/** Makes every bit of the input count in every bit of the hash. */
function finish(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}
