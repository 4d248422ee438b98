/** SHA-256 as FIPS 180-4, section 6.2, has it: `[32]` bytes. */
export function digestSha256(message: Uint8Array): Uint8Array {
  const state = Uint32Array.from(initial);
  const whole = message.length - (message.length % blockBytes);
  const schedule = new Uint32Array(64);
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  for (let at = 0; at < whole; at += blockBytes) addBlock(state, schedule, view, at);
  const rest = lastBlocks(message.subarray(whole), message.length);
  for (let at = 0; at < rest.byteLength; at += blockBytes) addBlock(state, schedule, rest, at);
  const digest = new DataView(new ArrayBuffer(32));
  for (const [at, word] of state.entries()) digest.setUint32(4 * at, word);
  return new Uint8Array(digest.buffer);
}

const blockBytes = 64;

/** What is left of the message, a bit 1, zeros, and the message's length in bits. */
function lastBlocks(rest: Uint8Array, length: number): DataView {
  const bytes = new Uint8Array(rest.length + 9 > blockBytes ? 2 * blockBytes : blockBytes);
  bytes.set(rest);
  bytes[rest.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(bytes.length - 8, 8n * BigInt(length));
  return view;
}

function addBlock(state: Uint32Array, w: Uint32Array, message: DataView, at: number): void {
  for (let t = 0; t < 16; t++) w[t] = message.getUint32(at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const [near, far] = [w[t - 2]!, w[t - 15]!];
    const small1 = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
    const small0 = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
    w[t] = (small1 + w[t - 7]! + small0 + w[t - 16]!) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as EightWords;
  for (let t = 0; t < 64; t++) {
    const large1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + large1 + choice + constants[t]! + w[t]!) | 0;
    const large0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + large0 + majority) | 0;
  }
  for (const [at, word] of [a, b, c, d, e, f, g, h].entries()) state[at]! += word;
}

type EightWords = [number, number, number, number, number, number, number, number];

/** A word turned right. */
const turned = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/** The first 32 bits of what follows the point in a root of a prime. */
function fraction(prime: number, root: (value: number) => number): number {
  const value = root(prime);
  return Math.floor((value - Math.floor(value)) * 2 ** 32);
}

const primes = Array.from({ length: 310 }, (_, index) => index + 2).filter((value) => {
  for (let divisor = 2; divisor * divisor <= value; divisor++) {
    if (value % divisor === 0) return false;
  }
  return true;
});
const initial = primes.slice(0, 8).map((prime) => fraction(prime, Math.sqrt));
const constants = Uint32Array.from(primes.slice(0, 64), (prime) => fraction(prime, Math.cbrt));
