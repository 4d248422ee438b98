import { quote } from '@rodpo/errors';
import { type Embedder, type ItemSource, itemTable, UnusableInput } from '@rodpo/features';
import { ConfigError } from '../../config/config.ts';
import type { CatalogueTable } from '../../config/feature-settings.ts';
import type { OwnVectors } from './own-vectors.ts';

interface CodeSettings {
  readonly codes: readonly string[];
  readonly levels: number;
}

/** Items of a catalogue that are read together, to find the first that has codes. */
const itemsAtATime = 1024;

/**
 * Codes of a quantised vector, as in `vA154 vB106 vC221 vD144`, as a vector with a 1 for each: place
 * `p` of the codes takes the numbers `p · levels` to `(p + 1) · levels − 1`. What stands before the
 * number of a code names its place, and is the same for all items.
 *
 * @throws {ConfigError} if no item has codes, or the first that has some has others than `levels` allow
 * @throws {ItemTableError} of `@rodpo/features` if the table has no such columns
 */
export async function codeVectors(
  { path, id }: Pick<CatalogueTable, 'path' | 'id'>,
  settings: CodeSettings,
): Promise<OwnVectors> {
  const { codes: columns } = settings;
  const source = await itemTable(path, { id, input: columns, kind: 'text' });
  const places = await placesOf(source, settings);
  return { source, embedder: codeEmbedder(places, settings) };
}

function codeEmbedder(
  places: readonly string[],
  { codes: columns, levels }: CodeSettings,
): Embedder<string> {
  const dimension = places.length * levels;
  return {
    dimension,
    description: {
      model: 'own vectors (codes)',
      revision: '1',
      columns: [...columns],
      levels,
      places: [...places],
    },
    prepare: async (text) => onesOf(text, { places, levels }),
    embed: async (batch) => {
      const vectors = new Float32Array(batch.length * dimension);
      for (const [row, ones] of (batch as readonly Int32Array[]).entries()) {
        for (const one of ones) vectors[row * dimension + one] = 1;
      }
      return vectors;
    },
    dispose: async () => {},
  };
}

interface Code {
  /** What stands before the number. */
  readonly place: string;
  readonly level: number;
}

/** @throws {UnusableInput} if one is no code */
function codesOf(text: string, levels: number): Code[] {
  return text
    .trim()
    .split(/\s+/)
    .map((code) => {
      const [, place, digits] = /^(.*?)(\d+)$/.exec(code) ?? [];
      const level = Number(digits);
      if (place !== undefined && level < levels) return { place, level };
      throw new UnusableInput(
        'unsupported',
        `Expected a code with a number from 0 to ${levels - 1} at its end, got ${quote(code)}.`,
      );
    });
}

/** The numbers of a vector that are 1. @throws {UnusableInput} if the codes are not as those before */
function onesOf(
  text: string,
  { places, levels }: { readonly places: readonly string[]; readonly levels: number },
): Int32Array {
  const codes = codesOf(text, levels);
  const isAlike =
    codes.length === places.length && codes.every(({ place }, index) => place === places[index]);
  if (isAlike) return Int32Array.from(codes, ({ level }, index) => index * levels + level);
  throw new UnusableInput(
    'unsupported',
    `Expected ${places.length} codes as of the items before (${quote(places.join(' '))}), got ` +
      `${quote(text)}.`,
  );
}

/** What the codes of the first item that has any are called, in their order. */
async function placesOf(
  { itemCount, read }: ItemSource<string>,
  { codes: columns, levels }: CodeSettings,
): Promise<string[]> {
  for (let start = 0; start < itemCount; start += itemsAtATime) {
    const items = await read(start, Math.min(start + itemsAtATime, itemCount));
    const first = items.find(({ input }) => input !== undefined);
    if (!first) continue;
    try {
      return codesOf(first.input!, levels).map(({ place }) => place);
    } catch (cause) {
      if (!(cause instanceof UnusableInput)) throw cause;
      throw new ConfigError(
        `features: the codes of item ${quote(first.id)} cannot be read: ${cause.message} Correct ` +
          'from.levels, or name other columns in from.codes.',
        { cause },
      );
    }
  }
  throw new ConfigError(
    `features: no item has codes in ${columns.map((one) => quote(one)).join(', ')}.`,
  );
}
