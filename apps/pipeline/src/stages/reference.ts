import { type TrainingSet, trainingBatches } from '../data/training-set.ts';
import type { Run } from '../run/run.ts';
import { encodeStep } from '../steps/encode-step.ts';
import { tokenSpecs } from '../steps/tokens.ts';
import type { Weights } from './train.ts';

/**
 * The frozen reference: one vector per training token, `[tokenCount * dimension]`. It has no
 * dropout and never changes, so any item's reference score is one dot product with its vector.
 */
export async function referenceVectors(
  { config, engine }: Pick<Run, 'config' | 'engine'>,
  set: TrainingSet,
  weights: Weights,
): Promise<Float32Array> {
  const { dimension } = config.encoder;
  const { rowLength } = config.batch;
  const program = await engine.program(encodeStep(config), {
    state: weights,
    inputs: tokenSpecs(config),
  });
  const vectors = new Float32Array(set.tokenCount * dimension);
  for (const { packed, inputs } of trainingBatches(set, config)) {
    const { items, positions, segments } = inputs;
    const { hidden } = await program.run({
      items: items!,
      positions: positions!,
      segments: segments!,
    });
    for (const { sequence, row, offset, length } of packed.placements) {
      const from = (row * rowLength + offset) * dimension;
      const to = set.firstTokens[sequence]! * dimension;
      vectors.set((hidden as Float32Array).subarray(from, from + length * dimension), to);
    }
  }
  await program.dispose();
  return vectors;
}
