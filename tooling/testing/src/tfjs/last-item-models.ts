import { matMul, mul, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';

type Tensors = Readonly<Record<string, Tensor>>;

/** `exportOnnx` of `@rodpo/compile`, whose tests import this package: it cannot import that one. */
type ExportOnnx = (
  step: (context: { readonly inputs: Tensors }) => { readonly outputs: Tensors },
  options: {
    readonly inputs: Readonly<
      Record<string, { readonly shape: readonly (number | string)[]; readonly dtype: 'float32' }>
    >;
    readonly multipleOf?: number;
  },
) => Uint8Array;

export interface LastItemModelsOptions {
  /** Numbers of a vector. */
  readonly width: number;
  /** Of what the encoder reads. Default: `width`; with another it answers nothing. */
  readonly encoderWidth?: number;
  /** Items that are scored together. */
  readonly blockSize: number;
  readonly rowLength: number;
}

/**
 * The two models of a bundle without training: what a user wants next is the vector of the last item, so that
 * answers can be worked out by hand.
 */
export function lastItemModels(
  exportOnnx: ExportOnnx,
  { width, encoderWidth = width, blockSize, rowLength }: LastItemModelsOptions,
): { readonly encoder: Uint8Array; readonly scores: Uint8Array } {
  const vectors = (count: number | string, size = width) =>
    ({ shape: [count, size], dtype: 'float32' }) as const;
  return {
    encoder: exportOnnx(({ inputs }) => ({ outputs: { hidden: mul(inputs.vectors!, 1) } }), {
      inputs: { vectors: vectors('tokens', encoderWidth) },
      multipleOf: rowLength,
    }),
    scores: exportOnnx(
      ({ inputs: { users, items } }) => ({
        outputs: { scores: matMul(users as Tensor2D, items as Tensor2D, false, true) },
      }),
      { inputs: { users: vectors('users'), items: vectors(blockSize) } },
    ),
  };
}
