// Ours, in a process of its own: `worker.mjs '{"kind": "steps", "itemCount": 1000000, …}'` sets one case up,
// says so in a line of JSON, and answers each line as its kind has it, until its input ends.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { library, recipeModule } from '../common/libraries.mjs';

const tf = await library('@tensorflow/tfjs-core');
await library('@tensorflow/tfjs'); // registers the gradients
const { transformerEncoder } = await library('@rodpo/encoder');
const { sparseAdam } = await library('@rodpo/embeddings');
const { gaussianRandom, seededRandom } = await library('@rodpo/random');
const recipe = await library('@rodpo/recipe');
tf.enableProdMode();
await tf.setBackend('cpu');

const task = JSON.parse(process.argv[2]);
const { itemCount, candidates, width, length, rowCount, poolSize, threads, userCount, listed } =
  task;
const among = { candidates, distribution: { from: 'catalogue' } };
const sampled = { kind: 'sampled', ...among };

/** Sequences that fill a row each, of items drawn with a long tail; two more for what is held out. */
function openWorkspace(users) {
  const random = seededRandom(1);
  const item = () => Math.floor(random() ** 2 * itemCount);
  const sequences = Array.from({ length: users }, () =>
    Int32Array.from({ length: length + 3 }, item),
  );
  return recipe.openWorkspace({
    dataset: { userIds: Array(users).fill('u'), itemIds: Array(itemCount).fill('i'), sequences },
    encoder: transformerEncoder({
      itemCount,
      maxLength: length,
      dimension: width,
      blockCount: 2,
      headCount: 2,
    }),
    maxLength: length,
    rowLength: length,
    rowCount,
    itemRows: 'host',
    engine: recipe.compiledEngine({ threads }),
  });
}

/** Milliseconds of steps of pretraining and of alignment, draws and row updates included. */
async function stepCases() {
  const workspace = openWorkspace(4 * rowCount);
  const weights = recipe.initialWeights(workspace);
  const batches = [...recipe.trainingBatches(workspace.set, workspace.layout)];
  const pretraining = { ...recipe.pretrainDefaults, loss: sampled };
  const aligning = {
    ...recipe.alignDefaults,
    negatives: { from: 'pool', size: poolSize, among },
    crossEntropyWeight: 0,
  };
  const compared = recipe.pretrainInputs(sampled, workspace);
  const kinds = {
    pretraining: {
      program: await recipe.pretrainProgram(workspace, weights, pretraining),
      inputs: compared,
    },
    alignment: {
      program: await recipe.alignProgram(workspace, weights, aligning, undefined),
      inputs: recipe.alignInputs(aligning, workspace, undefined),
    },
    ...(task.isCompared && {
      'pretraining by SparseAdam': await lazily(workspace, weights, pretraining),
    }),
    ...(task.isIndexed && { 'alignment by an index': await byIndex(workspace, weights, aligning) }),
  };
  for (const { program } of Object.values(kinds)) writeHeld(program);
  let step = 0;
  return async ({ kind, runs }) => {
    const { program, inputs } = kinds[kind];
    const milliseconds = [];
    for (let run = 0; run < runs; run++) {
      const batch = batches[step % batches.length];
      const place = { seed: 1, epoch: 1, step, totalStep: step++ };
      const started = performance.now();
      const drawn = await inputs(batch, place);
      await program.run({ ...batch.inputs, ...drawn }, { seed: 1, step: place.step });
      milliseconds.push(performance.now() - started);
    }
    return { milliseconds };
  };
}

/**
 * Moments are zeros that take no memory until they are written: here as after an epoch. One number of each page
 * is written; copying an array onto itself would write nothing, since the system's memmove leaves that out.
 */
function writeHeld(program) {
  for (const { data } of Object.values(program.held())) {
    const ofPage = 4096 / data.BYTES_PER_ELEMENT;
    for (let at = 0; at < data.length; at += ofPage) data[at] += 0;
  }
}

/** Rows that no step touches stay where they are, as in PyTorch's SparseAdam. */
async function lazily(workspace, weights, settings) {
  const rowOptimiser = (table) => sparseAdam(table, { learningRate: settings.learningRate });
  const program = await recipe.pretrainProgram(workspace, weights, { ...settings, rowOptimiser });
  return { program, inputs: recipe.pretrainInputs(sampled, workspace) };
}

/** Its pools take their candidates from an index, which is built before the first step and not again. */
async function byIndex(workspace, weights, aligning) {
  const { negatives, ...others } = aligning;
  const distribution = { from: 'index' };
  const settings = { ...others, negatives: { ...negatives, among: { candidates, distribution } } };
  const program = await recipe.alignProgram(workspace, weights, settings, undefined);
  const index = await recipe.poolIndex(workspace, settings, weights);
  const inputsOf = recipe.alignInputs(settings, workspace, undefined);
  const inputs = async (batch, place) =>
    inputsOf(batch, place, await index.candidates(batch, program, place));
  return { program, inputs };
}

/** A training of some steps, its validation and its checkpoints. */
async function trainCase() {
  return async ({ steps }) => {
    const folder = await mkdtemp(join(tmpdir(), 'rodpo-catalogue-'));
    const workspace = openWorkspace(steps * rowCount);
    await recipe.pretrain(workspace, { loss: sampled, maxEpochs: 1, checkpoints: folder });
    await workspace.dispose();
    await rm(folder, { recursive: true });
    return {};
  };
}

/** Seconds of counting the better items of each user, and of listing the best ones. */
async function rankCase() {
  const { catalogueScores } = await recipeModule('workspace/catalogue-scores.js');
  const normal = gaussianRandom(seededRandom(2));
  const vectors = (rows) => Float32Array.from({ length: rows * width }, normal);
  const items = { shape: [itemCount, width], data: vectors(itemCount) };
  const users = vectors(userCount);
  const goals = new Float32Array(userCount).fill(20);
  const scores = catalogueScores(recipe.compiledEngine({ threads }), { itemCount, width });
  const some = 1024;
  await scores.counts(users.subarray(0, some * width), goals.subarray(0, some), items);
  await scores.best(users.subarray(0, some * width), items, listed);
  return async ({ kind }) => {
    const started = performance.now();
    if (kind === 'counts') await scores.counts(users, goals, items);
    else await scores.best(users, items, listed);
    return { seconds: (performance.now() - started) / 1000 };
  };
}

const answer = await { steps: stepCases, train: trainCase, rank: rankCase }[task.kind]();
console.log(JSON.stringify({ ready: true }));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
process.exit(0);
