import { bprLoss, cachedReference, softmaxDpoLoss, weightedMean } from '@rodpo/objectives';
import * as tf from '@tensorflow/tfjs';

// Six users and eight items. A user clicks on items of the user's parity, and of the four clicked
// ones buys one: user 0 clicks 0, 2, 4, 6 and buys 0.
const users = [0, 1, 2, 3, 4, 5];
const clickedBy = (user: number) => [0, 2, 4, 6].map((item) => item + (user % 2));
const boughtBy = (user: number) => clickedBy(user)[Math.floor(user / 2)]!;
const onlyClickedBy = (user: number) => clickedBy(user).filter((item) => item !== boughtBy(user));

const ids = (rows: number[][]) => tf.tensor2d(rows, undefined, 'int32');
const dimension = 4;

/** A tower as any tfjs user would write it: ids `[n, 1]` to vectors `[n, dimension]`. */
function tower(inputDim: number, seed: number): tf.Sequential {
  const embeddingsInitializer = tf.initializers.randomNormal({ stddev: 0.1, seed });
  const embedding = { inputDim, outputDim: dimension, inputLength: 1, embeddingsInitializer };
  return tf.sequential({ layers: [tf.layers.embedding(embedding), tf.layers.flatten()] });
}

/** The loss of each step. */
function train(loss: () => tf.Tensor, steps = 60): number[] {
  const optimizer = tf.train.adam(0.05);
  return Array.from({ length: steps }, () => {
    return optimizer.minimize(() => weightedMean(loss()), true)!.dataSync()[0]!;
  });
}

/** Losses of both phases, and by how much each purchase's lead on the best other item grew. */
export function alignTwoTowers(): { trained: number[]; aligned: number[]; gains: number[] } {
  const [userTower, itemTower] = [tower(6, 1), tower(8, 2)];
  /** Scores `[n, J]` of users `[n, 1]` for items `[n, J]`. */
  const score = (user: tf.Tensor2D, items: tf.Tensor2D): tf.Tensor => {
    const flat = itemTower.apply(tf.reshape(items, [-1, 1])) as tf.Tensor;
    const vectors = tf.reshape(flat, [...items.shape, dimension]);
    return tf.sum(tf.mul(tf.expandDims(userTower.apply(user) as tf.Tensor, 1), vectors), 2);
  };
  const column = (scores: tf.Tensor) => tf.squeeze(scores, [1]);

  // Somebody else's recommender: what is clicked ranks before what is not.
  const clicks = users.flatMap((user) => clickedBy(user).map((item) => [user, item] as const));
  const who = ids(clicks.map(([user]) => [user]));
  const clicked = ids(clicks.map(([, item]) => [item]));
  const ignored = ids(clicks.map(([user, item]) => [user % 2 ? item - 1 : item + 1]));
  const trained = train(() =>
    bprLoss({ chosen: column(score(who, clicked)), rejected: score(who, ignored) }),
  );

  // Its vectors, kept as they are now, are the reference: any item's score is a dot product.
  const buyers = ids(users.map((user) => [user]));
  const reference = cachedReference(
    userTower.predict(buyers) as tf.Tensor,
    itemTower.predict(ids([0, 1, 2, 3, 4, 5, 6, 7].map((item) => [item]))) as tf.Tensor,
  );
  const chosen = ids(users.map((user) => [boughtBy(user)]));
  const rejected = ids(users.map(onlyClickedBy));
  const listed = (scores: (items: tf.Tensor2D) => tf.Tensor) => ({
    chosen: column(scores(chosen)),
    rejected: scores(rejected),
  });
  const policy = () => listed((items) => score(buyers, items));
  const aligned = train(() => softmaxDpoLoss(policy(), listed(reference), { beta: 0.5 }));

  const lead = (scores: ReturnType<typeof policy>) =>
    tf.sub(scores.chosen, tf.max(scores.rejected, 1));
  const gains = tf.sub(lead(policy()), lead(listed(reference)));
  return { trained, aligned, gains: [...gains.dataSync()] };
}
