import { actionable } from '@rodpo/errors';
import { murmurHash3 } from './murmur-hash3.ts';
import type { SparseVector } from './sparse-rows.ts';

/** Shortest and longest n-gram, both included. */
export type NgramRange = readonly [shortest: number, longest: number];

export interface HashedNgramsOptions {
  /** Lengths of word n-grams, in words; `null` for none. Default `[1, 2]`. */
  readonly words?: NgramRange | null;
  /** Lengths of character n-grams, in code points; `null` for none. Default `[3, 5]`. */
  readonly characters?: NgramRange | null;
  /** Columns for each kind of n-gram, at most 2^24. Default 2^18. */
  readonly featureCount?: number;
}

/**
 * What Python's `str.split` parts by: the separators of information (U+001C to U+001F) and U+0085 besides what
 * `\s` stands for, and not U+FEFF.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are white space to Python
const pythonSpaces = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

const encoder = new TextEncoder();
const largestFeatureCount = 2 ** 24;

/** Takes the bytes of one n-gram. */
type Emit = (bytes: Uint8Array, start: number, end: number) => void;

/**
 * Counts the word and character n-grams of a text in hashed columns: a sparse vector with
 * `2 · featureCount` columns, word n-grams in the first half, character n-grams in the second.
 *
 * The text is lower-cased. Words are runs of two or more Unicode letters, digits and `_`, parted
 * by anything else (combining marks as well). Character n-grams stay inside what white space
 * parts, with one space put before and after as boundary marks. An n-gram's UTF-8 bytes are hashed
 * by MurmurHash3 to `h`; it counts in column `|h| mod featureCount`, as −1 if `h < 0`, so that
 * n-grams that share a column cancel on average. Columns that come to 0 are left out.
 *
 * Each half is what scikit-learn's `HashingVectorizer(norm=None)` gives with `analyzer='word'`
 * and `'char_wb'`.
 *
 * @throws {RangeError} if `featureCount` is not an integer from 1 to 2^24, or a range is not two
 * ascending positive integers
 * @see Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009,
 * https://arxiv.org/abs/0902.2206
 */
export function hashedNgrams(text: string, options: HashedNgramsOptions = {}): SparseVector {
  const { words = [1, 2], characters = [3, 5], featureCount = 2 ** 18 } = options;
  requireFeatureCount(featureCount);
  const lowered = text.toLowerCase();
  // Column and sign in one number: equal ones lie side by side once sorted.
  const keys: number[] = [];
  const emitTo = (firstColumn: number): Emit => {
    return (bytes, start, end) => {
      const hash = murmurHash3(bytes, start, end);
      const column = firstColumn + (Math.abs(hash) % featureCount);
      keys.push(2 * column + (hash < 0 ? 1 : 0));
    };
  };
  if (words) wordNgrams(lowered, checked('words', words), emitTo(0));
  if (characters) {
    characterNgrams(lowered, checked('characters', characters), emitTo(featureCount));
  }
  return summed(Int32Array.from(keys).sort());
}

function wordNgrams(text: string, [shortest, longest]: NgramRange, emit: Emit): void {
  // Split, not matched: a greedy match over megabytes overflows the engine's stack.
  const words = text.split(/[^\p{L}\p{N}_]/u).filter(isLongerThanOneCharacter);
  const bytes = encoder.encode(words.join(' '));
  const starts = [0];
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0x20) starts.push(at + 1);
  starts.push(bytes.length + 1);
  for (let length = shortest; length <= longest; length++) {
    for (let word = 0; word + length <= words.length; word++) {
      emit(bytes, starts[word]!, starts[word + length]! - 1);
    }
  }
}

function characterNgrams(text: string, range: NgramRange, emit: Emit): void {
  const words = text.split(pythonSpaces).filter((word) => word !== '');
  if (words.length === 0) return;
  const bytes = encoder.encode(` ${words.join(' ')} `);
  // Neighbours share the space between them, which marks the boundary of both.
  let characterStarts = [0];
  for (let at = 1; at < bytes.length; at++) {
    if ((bytes[at]! & 0xc0) === 0x80) continue; // inside a character
    characterStarts.push(at);
    if (bytes[at] !== 0x20) continue;
    emitWindows(bytes, [...characterStarts, at + 1], range, emit);
    characterStarts = [at];
  }
}

/** A word shorter than an n-gram counts once, whole, and ends the lengths. */
function emitWindows(
  bytes: Uint8Array,
  starts: readonly number[],
  [shortest, longest]: NgramRange,
  emit: Emit,
): void {
  const size = starts.length - 1;
  for (let length = shortest; length <= longest; length++) {
    emit(bytes, starts[0]!, starts[Math.min(length, size)]!);
    for (let at = 1; at + length <= size; at++) emit(bytes, starts[at]!, starts[at + length]!);
    if (length >= size) return;
  }
}

function summed(keys: Int32Array): SparseVector {
  const indices = new Int32Array(keys.length);
  const values = new Float32Array(keys.length);
  let count = 0;
  for (let at = 0; at < keys.length; ) {
    const column = keys[at]! >> 1;
    let sum = 0;
    for (; at < keys.length && keys[at]! >> 1 === column; at++) sum += keys[at]! & 1 ? -1 : 1;
    if (sum === 0) continue;
    indices[count] = column;
    values[count++] = sum;
  }
  return { indices: indices.slice(0, count), values: values.slice(0, count) };
}

function isLongerThanOneCharacter(word: string): boolean {
  return word.length > 2 || (word.length === 2 && word.codePointAt(0)! <= 0xffff);
}

function requireFeatureCount(featureCount: number): void {
  if (Number.isInteger(featureCount) && featureCount >= 1 && featureCount <= largestFeatureCount) {
    return;
  }
  throw actionable(
    new RangeError(
      `featureCount must be an integer from 1 to ${largestFeatureCount}, got ${featureCount}`,
    ),
  );
}

function checked(name: string, range: NgramRange): NgramRange {
  const [shortest, longest] = range;
  const areIntegers = Number.isInteger(shortest) && Number.isInteger(longest);
  if (range.length === 2 && areIntegers && shortest >= 1 && longest >= shortest) return range;
  throw actionable(
    new RangeError(
      `${name} must be null or two ascending positive integers, got [${range.join(', ')}]`,
    ),
  );
}
