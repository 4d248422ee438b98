import type { NamedArray } from '@rodpo/files';
import { type TrainingSet, trainingBatches } from '../data/training-set.ts';
import type { Model } from '../model/model.ts';
import { requireBytes } from '../run/memory.ts';
import type { Run } from '../run/run.ts';
import { candidates, encodeStep } from '../steps/encode-step.ts';
import { tokenSpecs } from '../steps/tokens.ts';
import { createItemTable } from './item-vectors.ts';
import type { Weights } from './train.ts';

/** A frozen model: whatever it has to say of a token and an item is one dot product. */
export interface Reference {
  /** One vector per training token: `[tokenCount * width]`. */
  readonly tokens: Float32Array;
  /** `[itemCount, width]`. */
  readonly items: NamedArray;
}

/** Everything the frozen reference will be asked: it has no dropout and never changes. */
export async function referenceVectors(
  run: Pick<Run, 'config' | 'engine'>,
  set: TrainingSet,
  model: Model,
  weights: Weights,
): Promise<Reference> {
  const { config, engine } = run;
  const { width } = model.encoder;
  const { rowLength } = config.batch;
  const itemTable = await createItemTable(run, model, weights);
  const items = await itemTable.vectors(weights);
  await itemTable.dispose();
  const program = await engine.program(encodeStep(config, model.encoder), {
    state: { ...weights, [candidates]: items },
    inputs: tokenSpecs(config),
  });
  const bytes = Float32Array.BYTES_PER_ELEMENT * set.tokenCount * width;
  const advice = 'encoder.dimension or encoder.maxLength';
  requireBytes([{ of: `a vector of each of ${set.tokenCount} training tokens`, bytes, advice }]);
  const vectors = new Float32Array(set.tokenCount * width);
  for (const { packed, inputs } of trainingBatches(set, config)) {
    const { targets: _, weights: __, ...tokens } = inputs;
    const { hidden } = await program.run(tokens);
    for (const { sequence, row, offset, length } of packed.placements) {
      const from = (row * rowLength + offset) * width;
      const to = set.firstTokens[sequence]! * width;
      vectors.set((hidden as Float32Array).subarray(from, from + length * width), to);
    }
  }
  await program.dispose();
  return { tokens: vectors, items };
}
