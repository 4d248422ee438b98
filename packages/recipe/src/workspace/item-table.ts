import type { SequenceEncoder } from '@rodpo/encoder';
import type { NamedArray } from '@rodpo/files';
import { itemsStep } from '../steps/encode-step.ts';
import type { Engine } from './engine.ts';
import type { Weights } from './weights.ts';

/** What a program needs to know of a model beside its weights. */
export interface Model {
  readonly encoder: SequenceEncoder;
  /** Constants of every program, by the names of `steps/features.ts`. */
  readonly features: Readonly<Record<string, NamedArray>>;
}

/** Every item as candidates are scored, under any weights of one shape. */
export interface ItemTable {
  /** `[itemCount, width]`. */
  vectors(weights: Weights): Promise<NamedArray>;
  dispose(): Promise<void>;
}

/** Compiles the item side of an encoder once; `like` gives the shapes of the weights. */
export async function createItemTable(
  engine: Engine,
  { encoder, features }: Model,
  like: Weights,
): Promise<ItemTable> {
  const program = await engine.program(itemsStep(encoder), {
    state: { ...like, ...features },
    inputs: {},
  });
  return {
    vectors: async (weights) => {
      program.load(weights);
      const { items } = await program.run({});
      const data = items as Float32Array;
      return { shape: [data.length / encoder.width, encoder.width], data };
    },
    dispose: () => program.dispose(),
  };
}
