// Our side of every case: the step in plain tfjs, as packages/recipe/src/steps writes them.
import { library, recipeModule } from '../common/libraries.mjs';

await library('@tensorflow/tfjs'); // registers the gradients
const tf = await library('@tensorflow/tfjs-core');
const { scan } = await library('@rodpo/compile');
const { scoreItems, transformerEncoder } = await library('@rodpo/encoder');
const { dpoLoss, linearCrossEntropy } = await library('@rodpo/objectives');
const { drawFromPool, topItems } = await library('@rodpo/samplers/tfjs');
const { differentiate } = await library('@rodpo/trainer');
const { unprefixed, weightPrefix } = await recipeModule('steps/tokens.js');
const { updated } = await recipeModule('steps/update.js');

const learningRate = 1e-3;
const referenceItems = 'reference.items';

/** Inputs of a training step: one full row a sequence, one target a row. */
function trainingSpecs({ batch, length }) {
  const tokens = { shape: [batch * length], dtype: 'int32' };
  const targets = { shape: [batch], dtype: 'int32' };
  return { items: tokens, positions: tokens, segments: tokens, targets };
}

/** `[batch, dimension]`: what each user wants after the last item. */
function lastVectors(weights, inputs, { batch, length, dimension, ...encoder }, uniform) {
  const model = transformerEncoder({ ...encoder, dimension, maxLength: length });
  const options = { rowLength: length, dropout: 0, uniform };
  const { vectors } = model.encode(weights, weights.items, inputs, options);
  const rows = tf.reshape(vectors, [batch, length, dimension]);
  return tf.reshape(tf.slice(rows, [0, length - 1, 0], [-1, 1, -1]), [batch, dimension]);
}

function crossEntropy(vectors, weights, { targets }, { batch }) {
  const options = { weights: tf.ones([batch]), blockSize: batch, scan };
  return linearCrossEntropy(vectors, weights.items, targets, options);
}

/** Cases a, b, c: the last position's cross-entropy against all items, then Adam. */
function trainingStep(shape) {
  return ({ state, inputs, uniform }) => {
    const parameters = unprefixed(state, weightPrefix);
    const { loss, gradients } = differentiate((weights) => {
      const vectors = lastVectors(weights, inputs, shape, uniform);
      return crossEntropy(vectors, weights, inputs, shape);
    }, parameters);
    return {
      outputs: { loss },
      state: updated(state, parameters, gradients, { learningRate }).state,
    };
  };
}

/** Case d: DPO with a negative from the top-K pool, and cross-entropy with weight 1. */
function preferenceStep(shape) {
  const { batch, poolSize, beta } = shape;
  return ({ state, inputs, uniform }) => {
    const parameters = unprefixed(state, weightPrefix);
    const { loss, gradients, logged } = differentiate((weights, log) => {
      const { items } = weights;
      const vectors = lastVectors(weights, inputs, shape, uniform);
      const excluded = tf.expandDims(inputs.targets, 1);
      const options = { count: poolSize + 1, blockSize: batch, scan };
      const candidates = topItems(vectors, items, options);
      const { items: negatives } = drawFromPool(candidates, excluded, uniform([batch]), {
        poolSize,
      });
      const pairs = (users, table) => ({
        chosen: scoreItems(users, table, inputs.targets),
        rejected: scoreItems(users, table, negatives),
      });
      const reference = pairs(inputs.reference, state[referenceItems]);
      const preference = dpoLoss(pairs(vectors, items), reference, { beta });
      log('negatives', negatives);
      return tf.add(preference, crossEntropy(vectors, weights, inputs, shape));
    }, parameters);
    return {
      outputs: { loss, ...logged },
      state: updated(state, parameters, gradients, { learningRate }).state,
    };
  };
}

/** Step, inputs and further state of the cases that are one step. */
export const steps = {
  trainingStep: (shape) => ({ step: trainingStep(shape), inputs: trainingSpecs(shape) }),
  preferenceStep: (shape, weights) => ({
    step: preferenceStep(shape),
    inputs: {
      ...trainingSpecs(shape),
      reference: { shape: [shape.batch, shape.dimension], dtype: 'float32' },
    },
    state: { [referenceItems]: weights.items },
  }),
};
