import { readFileSync } from 'node:fs';
import { type ClosenessOptions, expectAllClose } from '@rodpo/testing';
import { derivative } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';

interface Packed {
  readonly shape: number[];
  readonly data: number[];
}

type Named<Value> = Readonly<Record<string, Value>>;

interface PublishedLoss {
  readonly options: Named<number>;
  /** What the loss is differentiated by. */
  readonly inputs: Named<Packed>;
  readonly constants: Named<Packed>;
  /** Gradient of the total by each row's loss. */
  readonly upstream: number[];
  readonly losses: number[];
  readonly gradients: Named<number[]>;
}

type LossName =
  | 'softmaxDpo'
  | 'dmpo'
  | 'dynamicBeta'
  | 'simpo'
  | 'cpo'
  | 'softmaxCrossEntropy'
  | 'logNormaliser'
  | 'sampledSoftmax'
  | 'inBatchSoftmax'
  | 'bpr'
  | 'bce'
  | 'gbce'
  | 'debiasedContrastive';

interface PublishedReferences {
  readonly cachedReference: {
    readonly vectors: Packed;
    readonly items: Packed;
    readonly ids: Packed;
    readonly scores: number[];
    readonly logProbabilities: number[];
  };
  readonly syncReference: {
    readonly mixup: number;
    readonly reference: Named<Packed>;
    readonly policy: Named<Packed>;
    readonly synced: Named<number[]>;
  }[];
}

/** What papers and their authors' code define; `published.py` made the file. */
export const published: Readonly<Record<LossName, PublishedLoss[]>> & PublishedReferences =
  JSON.parse(readFileSync(new URL('published.json', import.meta.url), 'utf8'));

export const unpacked = ({ shape, data }: Packed, dtype?: 'int32'): tf.Tensor =>
  tf.tensor(data, shape, dtype);

export const unpackedAll = (packed: Named<Packed>): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(packed).map(([name, values]) => [name, unpacked(values)]));

/** Fails unless `loss` has the published values and gradients. */
export function expectPublished(
  expected: PublishedLoss,
  loss: (tensors: Record<string, tf.Tensor>, options: never) => tf.Tensor,
  tolerance: ClosenessOptions = { relative: 1e-5, absolute: 1e-6 },
): void {
  tf.tidy(() => {
    const [inputs, constants] = [unpackedAll(expected.inputs), unpackedAll(expected.constants)];
    const names = Object.keys(inputs);
    const at = (points: readonly tf.Tensor[]) => {
      const named = Object.fromEntries(names.map((name, index) => [name, points[index]!]));
      return loss({ ...named, ...constants }, expected.options as never);
    };
    const losses = at(Object.values(inputs));
    expectAllClose(losses.dataSync(), expected.losses, tolerance);
    if (losses.shape.join() !== String(expected.losses.length)) {
      throw new Error(`Expected a loss per row, got shape [${losses.shape}]`);
    }

    const upstream = tf.tensor1d(expected.upstream);
    const { gradients } = derivative(
      (...points) => tf.sum(tf.mul(upstream, at(points))),
      Object.values(inputs),
    );
    for (const [index, name] of names.entries()) {
      expectAllClose(gradients[index]!, expected.gradients[name]!, tolerance);
    }
  });
}
