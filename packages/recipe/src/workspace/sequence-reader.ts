import type { TypedArray } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import type { NamedArray } from '@rodpo/files';
import { type BatchLayout, tokenCount } from '../batches/batch-layout.ts';
import { tableOf } from '../rows/table-of.ts';
import { encodeSpecs, encodeStep } from '../steps/encode-step.ts';
import type { Engine } from './engine.ts';
import { splitRows } from './item-rows.ts';
import type { Weights } from './weights.ts';

/** What the user wants after every token of a batch: `[tokens · width]`. */
export type ReadTokens = (tokens: Readonly<Record<string, TypedArray>>) => Promise<Float32Array>;

/** Reads sequences under fixed weights of one shape, without dropout. */
export interface SequenceReader {
  /**
   * Takes weights and the item vectors that they give. The next call takes others: what an earlier one
   * returned must not be used then.
   */
  with(weights: Weights, items: NamedArray): ReadTokens;
  dispose(): Promise<void>;
}

/** Compiles the sequence side of an encoder once; a batch is given the item vectors that it reads. */
export async function createSequenceReader(
  engine: Engine,
  { encoder, layout }: { readonly encoder: SequenceEncoder; readonly layout: BatchLayout },
  like: Weights,
): Promise<SequenceReader> {
  const program = await engine.program(encodeStep(layout, encoder), {
    state: splitRows(encoder, like).others,
    inputs: encodeSpecs(layout, encoder),
  });
  const vectors = new Float32Array(tokenCount(layout) * encoder.width);
  return {
    with: (weights, items) => {
      program.load(splitRows(encoder, weights).others);
      const table = tableOf(items);
      return async ({ items: read, ...tokens }) => {
        table.gather(read as Int32Array, vectors);
        const { hidden } = await program.run({ ...tokens, vectors });
        return hidden as Float32Array;
      };
    },
    dispose: () => program.dispose(),
  };
}
