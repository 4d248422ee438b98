import { createHash } from 'node:crypto';
import { type Embedder, type Item, UnusableInput } from '@rodpo/features';

export interface FakeOptions {
  readonly dimension?: number;
  readonly revision?: string;
  readonly onPrepare?: (input: string) => Promise<void> | void;
  readonly onEmbed?: (batch: readonly string[]) => Promise<void> | void;
}

/**
 * Vectors that are a function of the input alone. `bad …` cannot be prepared, `bug …` throws
 * another error, and the vector of `nan …` holds NaN.
 */
export function fakeEmbedder({
  dimension = 3,
  revision = '1',
  onPrepare,
  onEmbed,
}: FakeOptions = {}): Embedder<string> {
  return {
    dimension,
    description: { revision, model: 'fake', settings: { b: [1, 2], a: null } },
    prepare: async (input) => {
      await onPrepare?.(input);
      if (input.startsWith('bad')) throw new UnusableInput('corrupt', `${input} is broken`);
      if (input.startsWith('bug')) throw new TypeError(`${input} met a bug`);
      return input;
    },
    embed: async (batch) => {
      await onEmbed?.(batch as string[]);
      const vectors = (batch as string[]).map((input) => vectorOf(input, dimension));
      return Float32Array.from(vectors.flatMap((vector) => [...vector]));
    },
    dispose: async () => {},
  };
}

export function vectorOf(input: string, dimension = 3): Float32Array {
  if (input.startsWith('nan')) return new Float32Array(dimension).fill(NaN);
  const bytes = createHash('sha512').update(input).digest();
  return Float32Array.from({ length: dimension }, (_, column) => bytes[column % 64]! / 7 - 18);
}

/** Items `i0`, `i1`, … with inputs `input 0`, … */
export function someItems(
  count: number,
  inputs: Record<number, string | undefined> = {},
): Item<string>[] {
  return Array.from(
    { length: count },
    (_, index): Item<string> => ({
      id: `i${index}`,
      input: index in inputs ? inputs[index] : `input ${index}`,
    }),
  );
}
