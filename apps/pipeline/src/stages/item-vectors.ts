import type { NamedArray } from '@rodpo/files';
import type { Model } from '../model/model.ts';
import type { Run } from '../run/run.ts';
import { itemsStep } from '../steps/encode-step.ts';
import type { Weights } from './train.ts';

/** Every item as candidates are scored, under any weights of one shape. */
export interface ItemTable {
  /** `[itemCount, width]`. */
  vectors(weights: Weights): Promise<NamedArray>;
  dispose(): Promise<void>;
}

/** Compiles the item side of an encoder once; `like` gives the shapes of the weights. */
export async function createItemTable(
  { engine }: Pick<Run, 'engine'>,
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
