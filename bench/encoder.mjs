// What sparse experts cost beside a feed-forward layer of the same active size.
//
//   pnpm bench:encoder [--rounds 40] [--json]
//
// Two transformers (dimension 64, 2 blocks, 2 heads), the one with 8 experts of 256 hidden units of
// which a token uses k, the other with feed-forward layers of k · 256, compiled, on all cores, in
// turns in one process. `24 x 64` is the app's batch, `256 x 50` a batch of full histories; all
// cells are real tokens. Inference is the encoder alone. Training is a step of the app: full softmax
// over 12,101 items, the experts' own losses, Adam; and, for the encoder's part by itself, a step
// whose loss is the mean square of its vectors.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { atMost, conclude, figure } from './common/figures.mjs';
import { appModule, library } from './common/libraries.mjs';
import { median } from './common/median.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    json: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 9) throw new Error('Expected --rounds of 9 or more.');
const say = values.json ? console.error : console.log;

await library('@tensorflow/tfjs'); // registers the gradients
const tf = await library('@tensorflow/tfjs-core');
const { compile, groupedLinear } = await library('@rodpo/compile');
const { transformerEncoder } = await library('@rodpo/encoder');
const { gaussianRandom, seededRandom } = await library('@rodpo/random');
const { parseConfig } = await appModule('config.js');
const { pretrainSpecs, pretrainStep } = await appModule('steps/pretrain-step.js');
const { trainingStep } = await appModule('steps/training-step.js');
const { trainingState } = await appModule('stages/train.js');

tf.enableProdMode();
await tf.setBackend('cpu');

const shape = { itemCount: 12101, dimension: 64, blockCount: 2, headCount: 2 };
const [expertCount, expertWidth] = [8, 256];
const batches = [
  { rowCount: 24, rowLength: 64, blockSize: 512 },
  { rowCount: 256, rowLength: 50, blockSize: 512 },
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
  };
}

/** Another scale than that of initial weights, so that routers do not send all to one expert. */
const weightsOf = (encoder) => {
  const normal = gaussianRandom(seededRandom(1));
  return encoder.initialize(() => 5 * normal());
};

const makers = {
  inference: (encoder, { rowLength, specs }) => {
    const step = ({ state, inputs, uniform }) => {
      const options = { rowLength, dropout: 0, uniform, groupedLinear };
      const { vectors } = encoder.encode(state, state.items, inputs, options);
      return { outputs: { vectors } };
    };
    const { items, positions, segments } = specs;
    return [step, { state: weightsOf(encoder), inputs: { items, positions, segments } }];
  },
  training: (encoder, { config, specs }) => [
    pretrainStep(config, encoder),
    { state: trainingState(weightsOf(encoder), encoder), inputs: specs },
  ],
  'training, encoder alone': (encoder, { config, specs }) => [
    trainingStep(config, encoder, config.pretrain, ({ hidden }) => tf.mean(tf.square(hidden))),
    { state: trainingState(weightsOf(encoder), encoder), inputs: specs },
  ],
};

async function programOf(kind, activeCount, isSparse, batch) {
  const encoder = encoderOf(activeCount, isSparse, batch.rowLength);
  const config = parseConfig(
    { batch: { ...batch, rowLength: batch.rowLength }, encoder: { maxLength: batch.rowLength } },
    'the bench',
  );
  const context = { config, specs: pretrainSpecs(config), rowLength: batch.rowLength };
  const [step, options] = makers[kind](encoder, context);
  const threads = availableParallelism();
  const program = await compile(step, { ...options, threads, profile: values.profile });
  const given = inputsOf(batch);
  const inputs = Object.fromEntries(Object.keys(options.inputs).map((name) => [name, given[name]]));
  return { program, run: (index) => program.run(inputs, { seed: 1, step: index }) };
}

async function milliseconds(contender, index) {
  const started = performance.now();
  await contender.run(index);
  return performance.now() - started;
}

async function compare(kind, activeCount, batch) {
  const contenders = [
    await programOf(kind, activeCount, true, batch),
    await programOf(kind, activeCount, false, batch),
  ];
  const times = [[], []];
  for (let round = -3; round < rounds; round++) {
    for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const time = await milliseconds(contenders[side], round + 3);
      if (round >= 0) times[side].push(time);
    }
  }
  const [sparse, dense] = times.map(median);
  const ratios = times[0].map((time, round) => time / times[1][round]);
  if (values.profile) {
    for (const { program } of contenders) console.error((await program.profile()).slice(0, 14));
  }
  for (const { program } of contenders) await program.dispose();
  return { sparse, dense, ratio: median(ratios) };
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
          kind === 'inference' ? 1.05 : 1.25,
        ),
      );
    }
  }
}
conclude(cases, { json: values.json });
