/** Somebody else's recommender, two towers in tfjs, aligned by the recipe's loss alone. */

import { alignLoss } from '@rodpo/recipe';
import * as tf from '@tensorflow/tfjs';

const [userCount, itemCount, dimension] = [24, 30, 8];

function tower(inputDim: number, seed: number): tf.Sequential {
  const initializer = tf.initializers.randomNormal({ stddev: 0.3, seed });
  const embedding = {
    inputDim,
    outputDim: dimension,
    inputLength: 1,
    embeddingsInitializer: initializer,
  };
  return tf.sequential({ layers: [tf.layers.embedding(embedding), tf.layers.flatten()] });
}

/** Every user bought one of three neighbouring items; which, the recommender shall rank first. */
const bought = Int32Array.from({ length: userCount }, (_, user) => (user % 10) * 3);

export interface TwoTowersAligned {
  /** Losses of each step. */
  readonly losses: number[];
  /** Mean number of items that score at least as high as what was bought, before and after. */
  readonly ranks: readonly [number, number];
}

export async function alignTwoTowers(steps = 80): Promise<TwoTowersAligned> {
  const towers = [tower(userCount, 1), tower(itemCount, 2)] as const;
  const column = (count: number) => tf.range(0, count, 1, 'int32').expandDims(1);
  const vectors = () => ({
    hidden: towers[0].apply(column(userCount)) as tf.Tensor2D,
    items: towers[1].apply(column(itemCount)) as tf.Tensor2D,
  });
  const meanRank = () =>
    tf.tidy(() => {
      const { hidden, items } = vectors();
      const scores = tf.matMul(hidden, items, false, true);
      const own = tf.sum(tf.mul(scores, tf.oneHot(tf.tensor1d(bought, 'int32'), itemCount)), 1);
      return tf.mean(tf.sum(tf.greaterEqual(scores, own.expandDims(1)), 1)).dataSync()[0]!;
    });

  const frozen = vectors();
  const before = meanRank();
  const targets = tf.tensor1d(bought, 'int32');
  let seed = 0;
  const loss = () =>
    alignLoss(
      {
        policy: vectors(),
        reference: frozen,
        targets,
        weights: tf.ones([userCount]),
        excluded: targets.expandDims(1),
        uniform: (shape) => tf.randomUniform([...shape], 0, 1, 'float32', seed++),
      },
      {
        loss: 'dpo',
        negatives: { from: 'pool', size: 5 },
        count: 1,
        beta: 1,
        crossEntropyWeight: 0,
      },
    );
  const optimizer = tf.train.adam(0.02);
  const losses = Array.from(
    { length: steps },
    () => optimizer.minimize(loss, true)!.dataSync()[0]!,
  );
  return { losses, ranks: [before, meanRank()] };
}
