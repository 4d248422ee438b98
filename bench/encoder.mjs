// What sparse experts cost beside a feed-forward layer of the same active size.
//
//   pnpm bench:encoder [--pairs 5] [--rounds 6] [--threads 2] [--profile] [--json]
//
// Two transformers (dimension 64, 2 blocks, 2 heads), the one with 8 experts of 256 hidden units of
// which a token uses k, the other with feed-forward layers of k · 256, compiled, on all cores unless
// told otherwise. `24 x 64` is the app's batch, `256 x 50` a batch of full histories; all cells are
// real tokens.
//
// - inference: the encoder alone, its weights frozen as a server has them; scores of items are no
//   matter of the encoder
// - training: the app's step: full softmax over all items, the experts' own losses, Adam
// - training, encoder alone: the same with the mean square of its vectors for a loss
//
// The two run in turns in one process. A turn is two runs of which the second counts: by the first the
// caches hold what the other has not. Sessions of onnxruntime differ among themselves, by how their
// threads come to lie, more than experts differ from feed-forward layers: hence several pairs of
// new sessions, each with a median ratio over its rounds, and their median for a result.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { counts } from './common/counts.mjs';
import { atMost, conclude, figure } from './common/figures.mjs';
import { library, recipeModule } from './common/libraries.mjs';
import { median } from './common/median.mjs';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '6' },
    json: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const [pairs, rounds, threads] = counts(values, ['pairs', 'rounds', 'threads']);
const say = values.json ? console.error : console.log;

await library('@tensorflow/tfjs'); // registers the gradients
const tf = await library('@tensorflow/tfjs-core');
const { compile } = await library('@rodpo/compile');
const { transformerEncoder } = await library('@rodpo/encoder');
const { gaussianRandom, seededRandom } = await library('@rodpo/random');
const { encodeSpecs, encodeStep } = await recipeModule('steps/encode-step.js');
const { pretrainSpecs, pretrainStep } = await recipeModule('steps/pretrain-step.js');
const { pretrainDefaults } = await library('@rodpo/recipe');
const { trainingStep } = await recipeModule('steps/training-step.js');
const { trainingState } = await recipeModule('training/train.js');

const softmaxDefaults = { ...pretrainDefaults, loss: { kind: 'softmax' } };

tf.enableProdMode();
await tf.setBackend('cpu');

const shape = { itemCount: 12101, dimension: 64, blockCount: 2, headCount: 2 };
const [expertCount, expertWidth] = [8, 256];
const batches = [
  // A short step is timed more often.
  { rowCount: 24, rowLength: 64, blockSize: 512, rounds: 4 * rounds },
  { rowCount: 256, rowLength: 50, blockSize: 512, rounds },
];

function encoderOf(activeCount, isSparse, maxLength) {
  const experts = { expertCount, activeCount, width: expertWidth };
  return transformerEncoder({
    ...shape,
    maxLength,
    ...(isSparse ? { experts } : { feedForwardWidth: activeCount * expertWidth }),
  });
}

/** One batch of full rows of random items. */
function inputsOf({ rowCount, rowLength }) {
  const random = seededRandom(2);
  const size = rowCount * rowLength;
  const item = () => Math.floor(random() * shape.itemCount);
  return {
    items: Int32Array.from({ length: size }, item),
    positions: Int32Array.from({ length: size }, (_, cell) => cell % rowLength),
    segments: new Int32Array(size).fill(1),
    targets: Int32Array.from({ length: size }, item),
    weights: new Float32Array(size).fill(1),
    vectors: Float32Array.from({ length: size * shape.dimension }, () => random() - 0.5),
  };
}

/** Another scale than that of initial weights, so that routers do not send all to one expert. */
const weightsOf = (encoder) => {
  const normal = gaussianRandom(seededRandom(1));
  return encoder.initialize(() => 5 * normal());
};

/** All but the items' table, whose rows come with the batch. */
const servingState = (encoder) => {
  const { items: _, ...weights } = weightsOf(encoder);
  return weights;
};

const makers = {
  inference: (encoder, { layout }) => [
    encodeStep(layout, encoder),
    { state: servingState(encoder), inputs: encodeSpecs(layout, encoder), frozen: true },
  ],
  training: (encoder, { layout, specs }) => [
    pretrainStep(layout, encoder, softmaxDefaults),
    { state: trainingState(weightsOf(encoder), encoder), inputs: specs },
  ],
  'training, encoder alone': (encoder, { layout, specs }) => [
    trainingStep(layout, encoder, pretrainDefaults, ({ hidden }) => tf.mean(tf.square(hidden))),
    { state: trainingState(weightsOf(encoder), encoder), inputs: specs },
  ],
};

async function programOf(kind, activeCount, isSparse, batch) {
  const encoder = encoderOf(activeCount, isSparse, batch.rowLength);
  const { rounds: _, ...rows } = batch;
  const layout = { ...rows, maxLength: rows.rowLength };
  const specs = pretrainSpecs(layout, softmaxDefaults.loss, shape.itemCount);
  const [step, options] = makers[kind](encoder, { layout, specs });
  const program = await compile(step, { ...options, threads, profile: values.profile });
  const given = inputsOf(batch);
  const inputs = Object.fromEntries(
    Object.entries(options.inputs).map(([name, { shape: spec }]) => [
      name,
      given[name].slice(0, tf.util.sizeFromShape(spec)),
    ]),
  );
  return { program, run: (index) => program.run(inputs, { seed: 1, step: index }) };
}

async function milliseconds({ run }, index) {
  await run(index);
  const started = performance.now();
  await run(index);
  return performance.now() - started;
}

/** Median times of both, and the median of their ratios, with one pair of new sessions. */
async function comparePair(kind, activeCount, batch) {
  const contenders = [
    await programOf(kind, activeCount, true, batch),
    await programOf(kind, activeCount, false, batch),
  ];
  const times = [[], []];
  for (let round = -1; round < batch.rounds; round++) {
    for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const time = await milliseconds(contenders[side], round + 1);
      if (round >= 0) times[side].push(time);
    }
  }
  for (const { program } of contenders) {
    if (values.profile) console.error((await program.profile()).slice(0, 14));
    await program.dispose();
  }
  const [sparse, dense] = times.map(median);
  return { sparse, dense, ratio: median(times[0].map((time, round) => time / times[1][round])) };
}

async function compare(kind, activeCount, batch) {
  const results = [];
  for (let pair = 0; pair < pairs; pair++) {
    results.push(await comparePair(kind, activeCount, batch));
  }
  const [sparse, dense, ratio] = ['sparse', 'dense', 'ratio'].map((figure) =>
    median(results.map((result) => result[figure])),
  );
  return { sparse, dense, ratio };
}

const cases = [];
for (const kind of Object.keys(makers)) {
  for (const batch of batches) {
    for (const activeCount of [1, 2]) {
      const name = `${kind}, ${batch.rowCount} x ${batch.rowLength}, k = ${activeCount}`;
      say(`${name} …`);
      const { sparse, dense, ratio } = await compare(kind, activeCount, batch);
      cases.push(
        figure(`${name}: ${expertCount} experts`, sparse, 'ms'),
        figure(`${name}: feed-forward`, dense, 'ms'),
        atMost(
          `${name}: experts / feed-forward`,
          ratio,
          'times',
          kind.startsWith('training') ? 1.25 : 1.05,
        ),
      );
    }
  }
}
conclude(cases, { json: values.json });
