import type { OpenSession } from '../reading/session.ts';
import type { NewItem } from './new-item.ts';

/** The item side of an encoder. */
export interface ItemEncoder {
  /** @returns `[items · width]` @param items checked */
  encode(items: readonly NewItem[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface ItemEncoderOptions {
  readonly openSession: OpenSession;
  /** Numbers in a vector of each. */
  readonly modalities: Readonly<Record<string, number>>;
  /** Of the result. */
  readonly width: number;
}

/** Items read together: enough for the processor, few enough for its memory. */
const mostItems = 1024;

export async function openItemEncoder(
  model: Uint8Array,
  { openSession, modalities, width }: ItemEncoderOptions,
): Promise<ItemEncoder> {
  const session = await openSession(model);
  const inputsOf = (items: readonly NewItem[]) =>
    Object.entries(modalities).flatMap(([name, size]) => {
      const vectors = new Float32Array(items.length * size);
      const present = new Float32Array(items.length);
      for (const [place, item] of items.entries()) {
        const own = item.vectors[name];
        if (own === undefined) continue;
        vectors.set(own, place * size);
        present[place] = 1;
      }
      return [
        [`features.${name}.vectors`, session.tensor(vectors, [items.length, size])],
        [`features.${name}.present`, session.tensor(present, [items.length])],
      ] as const;
    });
  return {
    encode: async (items) => {
      const vectors = new Float32Array(items.length * width);
      for (let first = 0; first < items.length; first += mostItems) {
        const inputs = inputsOf(items.slice(first, first + mostItems));
        const found = await session.run(Object.fromEntries(inputs));
        vectors.set(found.items!.data as Float32Array, first * width);
      }
      return vectors;
    },
    dispose: () => session.dispose(),
  };
}
