export interface SasrecShape {
  readonly itemCount: number;
  /** Longest sequence the encoder can read. */
  readonly maxLength: number;
  readonly dimension: number;
  readonly blockCount: number;
}

export interface InitialArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Standard deviation of initial weights, as in BERT, SASRec's PyTorch ports and RecBole. */
const deviation = 0.02;

/**
 * Initial weights of `encodeSequences`, by name: kernels and embeddings from N(0, 0.02²), biases
 * and offsets 0, norm scales 1. The feed-forward layer is `4 · dimension` wide.
 *
 * @param normal draws from the standard normal distribution
 * @throws {RangeError} unless every size is a positive integer
 */
export function initSasrec(
  { itemCount, maxLength, dimension, blockCount }: SasrecShape,
  normal: () => number,
): Record<string, InitialArray> {
  for (const [name, value] of Object.entries({ itemCount, maxLength, dimension, blockCount })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a positive integer, got ${value}`);
    }
  }
  const parameters: Record<string, InitialArray> = {};
  const add = (name: string, shape: readonly number[], value: () => number) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    parameters[name] = { shape, data: Float32Array.from({ length: size }, value) };
  };
  const drawn = () => deviation * normal();
  const linear = (name: string, from: number, to: number) => {
    add(`${name}.kernel`, [from, to], drawn);
    add(`${name}.bias`, [to], () => 0);
  };
  const norm = (name: string) => {
    add(`${name}.scale`, [dimension], () => 1);
    add(`${name}.offset`, [dimension], () => 0);
  };

  add('items', [itemCount, dimension], drawn);
  add('positions', [maxLength, dimension], drawn);
  norm('norm');
  for (let block = 0; block < blockCount; block++) {
    linear(`block${block}.attention.projection`, dimension, 3 * dimension);
    linear(`block${block}.attention.output`, dimension, dimension);
    norm(`block${block}.attention.norm`);
    linear(`block${block}.feedForward.up`, dimension, 4 * dimension);
    linear(`block${block}.feedForward.down`, 4 * dimension, dimension);
    norm(`block${block}.feedForward.norm`);
  }
  return parameters;
}
