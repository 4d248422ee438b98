// The first prototype of the engine, kept for comparison: one SASRec training step, recorded by a
// tfjs backend of thirty kernels and run by ONNX Runtime as it comes. Untuned on purpose. Its model is
// simpler than the encoder's: no biases in attention, no norm of embeddings, approximate GELU.
// Answers as bench/engine/worker.mjs does.
import { createInterface } from 'node:readline';
import { library } from '../common/libraries.mjs';
import { declareInput, declareOutput, onnxModel, startRecording } from './prototype-recorder.mjs';

const tf = await library('@tensorflow/tfjs');
const { default: ort } = await library('onnxruntime-node');

const task = JSON.parse(process.argv[2]);
const { batch, length, dimension, blockCount, headCount, itemCount } = task.shape;

const started = performance.now();
await startRecording();

const parameters = [];
function parameter(shape, deviation = 0.05) {
  const size = tf.util.sizeFromShape(shape);
  const uniform = () => Math.random() + Math.random() + Math.random() - 1.5;
  const data = Float32Array.from({ length: size }, () => 2 * deviation * uniform());
  const variable = tf.variable(tf.tensor(data, shape));
  declareInput(`p${parameters.length}`, variable);
  parameters.push({ variable, data, shape });
  return variable;
}

const items = parameter([itemCount, dimension], 0.02);
const positions = parameter([length, dimension]);
const blocks = Array.from({ length: blockCount }, () => ({
  query: parameter([dimension, dimension]),
  key: parameter([dimension, dimension]),
  value: parameter([dimension, dimension]),
  output: parameter([dimension, dimension]),
  up: parameter([dimension, 4 * dimension]),
  upBias: parameter([4 * dimension]),
  down: parameter([4 * dimension, dimension]),
  downBias: parameter([dimension]),
  norms: [0, 1].map(() => [parameter([dimension]), parameter([dimension])]),
}));

const lookup = tf.customGrad((table, indices, save) => {
  save([indices]);
  const gradFunc = (gradient, [places]) => [
    tf.scatterND(tf.reshape(places, [-1, 1]), gradient, [itemCount, dimension]),
    tf.cast(tf.zerosLike(places), 'float32'),
  ];
  return { value: tf.gather(table, indices), gradFunc };
});

function layerNorm(x, [scale, offset]) {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5));
  return tf.add(tf.mul(tf.mul(centred, inverse), scale), offset);
}

function gelu(x) {
  const inner = tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x))));
  return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), inner))));
}

function exponentials(x) {
  const largest = tf.max(x, -1, true);
  const powers = tf.exp(tf.sub(x, largest));
  return { largest, powers, total: tf.sum(powers, -1, true) };
}

const softmax = tf.customGrad((x, save) => {
  const { powers, total } = exponentials(x);
  const value = tf.div(powers, total);
  save([value]);
  const gradFunc = (gradient, [saved]) => [
    tf.mul(tf.sub(gradient, tf.sum(tf.mul(gradient, saved), -1, true)), saved),
  ];
  return { value, gradFunc };
});

const later = (_, index) => (index % length > Math.floor(index / length) ? -1e9 : 0);
const mask = tf.tensor2d(Float32Array.from({ length: length * length }, later), [length, length]);
const size = dimension / headCount;

function heads(x) {
  const split = tf.reshape(x, [batch, length, headCount, size]);
  return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [batch * headCount, length, size]);
}

function attend(x, block) {
  const [query, key, value] = ['query', 'key', 'value'].map((name) =>
    heads(tf.matMul(x, block[name])),
  );
  const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(size));
  const mixed = tf.matMul(softmax(tf.add(scores, mask)), value);
  const split = tf.reshape(mixed, [batch, headCount, length, size]);
  const joined = tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [batch * length, dimension]);
  return tf.matMul(joined, block.output);
}

function feed(x, block) {
  const widened = gelu(tf.add(tf.matMul(x, block.up), block.upBias));
  return tf.add(tf.matMul(widened, block.down), block.downBias);
}

function logitsOf(sequences) {
  const embedded = tf.reshape(lookup(items, sequences), [batch, length, dimension]);
  let x = tf.reshape(tf.add(embedded, positions), [batch * length, dimension]);
  for (const block of blocks) {
    x = layerNorm(tf.add(x, attend(x, block)), block.norms[0]);
    x = layerNorm(tf.add(x, feed(x, block)), block.norms[1]);
  }
  const rows = tf.reshape(x, [batch, length, dimension]);
  const last = tf.slice(rows, [0, length - 1, 0], [batch, 1, dimension]);
  return tf.matMul(tf.reshape(last, [batch, dimension]), items, false, true);
}

const crossEntropy = tf.customGrad((logits, targets, save) => {
  const { largest, powers, total } = exponentials(logits);
  const chosen = tf.oneHot(targets, itemCount);
  save([tf.div(powers, total), chosen]);
  const normaliser = tf.reshape(tf.add(tf.log(total), largest), [batch]);
  const value = tf.mean(tf.sub(normaliser, tf.sum(tf.mul(logits, chosen), -1)));
  const gradFunc = (gradient, [probabilities, ofTargets]) => [
    tf.mul(tf.sub(probabilities, ofTargets), tf.div(gradient, batch)),
    tf.cast(tf.zerosLike(targets), 'float32'),
  ];
  return { value, gradFunc };
});

const intInput = (name, count) =>
  declareInput(name, tf.tensor(new Int32Array(count), [count], 'int32'));
const sequences = intInput('sequences', batch * length);
const targets = intInput('targets', batch);

const variables = parameters.map(({ variable }) => variable);
const { value, grads } = tf.variableGrads(
  () => crossEntropy(logitsOf(sequences), targets),
  variables,
);
declareOutput('loss', value);
for (const [index, { variable, shape }] of parameters.entries()) {
  const gradient = grads[variable.name];
  const first = declareInput(`m${index}`, tf.tensor(new Float32Array(gradient.size), shape));
  const second = declareInput(`s${index}`, tf.tensor(new Float32Array(gradient.size), shape));
  const nextFirst = tf.add(tf.mul(first, 0.9), tf.mul(gradient, 0.1));
  const nextSecond = tf.add(tf.mul(second, 0.999), tf.mul(tf.square(gradient), 0.001));
  const update = tf.div(tf.mul(nextFirst, 1e-3), tf.add(tf.sqrt(nextSecond), 1e-8));
  declareOutput(`next.p${index}`, tf.sub(variable, update));
  declareOutput(`next.m${index}`, nextFirst);
  declareOutput(`next.s${index}`, nextSecond);
}

const session = await ort.InferenceSession.create(onnxModel(), {
  intraOpNumThreads: task.threads,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
});
const setupSeconds = (performance.now() - started) / 1000;

const random = (count) =>
  Int32Array.from({ length: count }, () => Math.floor(Math.random() * itemCount));
const feeds = {
  sequences: new ort.Tensor('int32', random(batch * length), [batch * length]),
  targets: new ort.Tensor('int32', random(batch), [batch]),
};
for (const [index, { data, shape }] of parameters.entries()) {
  feeds[`p${index}`] = new ort.Tensor('float32', data, shape);
  feeds[`m${index}`] = new ort.Tensor('float32', new Float32Array(data.length), shape);
  feeds[`s${index}`] = new ort.Tensor('float32', new Float32Array(data.length), shape);
}

async function timed(count) {
  const [milliseconds, values] = [[], []];
  for (let index = 0; index < count; index++) {
    const begun = performance.now();
    const { loss, ...next } = await session.run(feeds);
    milliseconds.push(performance.now() - begun);
    values.push(loss.data[0]);
    for (const [name, tensor] of Object.entries(next)) feeds[name.slice('next.'.length)] = tensor;
  }
  return { milliseconds, values };
}

console.log(JSON.stringify({ setupSeconds, ...(await timed(task.warmUp)) }));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await timed(JSON.parse(line).runs)));
}
