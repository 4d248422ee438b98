import { eager } from '@rodpo/compile';
import type { Config } from '../../src/config/config.ts';
import type { DropoutOf } from './encode-batch.ts';

/** The uniform numbers of one run of a step, by who reads them. */
export interface Noise {
  readonly dropoutOf?: DropoutOf;
  readonly uniformsOf: (cell: number) => readonly number[];
}

export interface NoiseOptions {
  readonly dropout: number;
  /** Negatives drawn per token; 0 for none. */
  readonly count: number;
}

/**
 * The numbers that a training step draws, in its order: for dropout one per embedded value, then
 * per block one per attention weight, per attended value and per fed value; then one per negative.
 */
export async function noiseOf(
  { batch, encoder }: Config,
  { dropout, count }: NoiseOptions,
  options: { readonly seed: number; readonly step: number },
): Promise<Noise> {
  const { rowLength, rowCount } = batch;
  const { dimension, headCount, blockCount } = encoder;
  const cells = rowLength * rowCount;
  const vectors = [cells, dimension];
  const block = [[rowCount, headCount, rowLength, rowLength], vectors, vectors];
  const blocks = Array.from({ length: blockCount }, () => block).flat();
  const shapes = [
    ...(dropout > 0 ? [vectors, ...blocks] : []),
    ...(count > 0 ? [[cells, count]] : []),
  ];
  const draws = await uniforms(shapes, options);

  const factor = (draw: number, index: number) =>
    draws[draw]![index]! >= dropout ? 1 / (1 - dropout) : 0;
  const dropoutOf: DropoutOf = ({ row, offset }) => {
    const value = (draw: number, place: number, column: number) =>
      factor(draw, (row * rowLength + offset + place) * dimension + column);
    return {
      embedded: (place, column) => value(0, place, column),
      share: (index, head, place, other) => {
        const line = (row * headCount + head) * rowLength + offset + place;
        return factor(1 + 3 * index, line * rowLength + offset + other);
      },
      attended: (index, place, column) => value(2 + 3 * index, place, column),
      fed: (index, place, column) => value(3 + 3 * index, place, column),
    };
  };
  return {
    ...(dropout > 0 ? { dropoutOf } : {}),
    uniformsOf: (cell) => Array.from(draws.at(-1)!.subarray(cell * count, (cell + 1) * count)),
  };
}

/** A step's first draws for a seed and a step, which are the same on every engine. */
async function uniforms(
  shapes: readonly number[][],
  options: { readonly seed: number; readonly step: number },
): Promise<Float32Array[]> {
  const program = await eager(
    ({ uniform }) => ({
      outputs: Object.fromEntries(shapes.map((shape, index) => [`draw${index}`, uniform(shape)])),
    }),
    { inputs: {} },
  );
  const outputs = await program.run({}, options);
  await program.dispose();
  return shapes.map((_, index) => outputs[`draw${index}`] as Float32Array);
}
