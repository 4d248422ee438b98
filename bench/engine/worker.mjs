// Our engine, or tfjs without it, in a process of its own: sets up one case, says so in a line of
// JSON, and then answers each line `{"runs": 5}`, as bench/peers/engine_torch.py does; `{}` asks for
// the time of each operator.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { entryOf, stampOf, variants } from '../../tooling/tfjs-node/sources.mjs';
import { appModule, library, recipeModule } from '../common/libraries.mjs';
import { steps } from './steps.mjs';

const tf = await library('@tensorflow/tfjs-core');
const { compile, eager } = await library('@rodpo/compile');
const { deriveSeed } = await library('@rodpo/random');
const { readSafetensors } = await library('@rodpo/files');
const { trainingState } = await recipeModule('training/train.js');

/** What brings tfjs's backends, but for cpu, which is there. */
const backends = {
  wasm: () => library('@tensorflow/tfjs-backend-wasm'),
  tensorflow: async ({ threads }) => {
    process.env.TF_NUM_INTRAOP_THREADS = String(threads);
    process.env.TF_CPP_MIN_LOG_LEVEL = '2';
    (await appModule('engine/restore-node-util.js')).restoreNodeUtil();
    await import(pathToFileURL(entryOf(variants.cpu)).href);
  },
};

async function createProgram(task, step, options) {
  const { backend, threads, spinning = 'auto', profile = false } = task;
  tf.enableProdMode();
  await backends[backend]?.(task);
  if (!(await tf.setBackend(backend ?? 'cpu'))) {
    throw new Error(`The tfjs backend '${backend}' does not start.`);
  }
  return backend ? eager(step, options) : compile(step, { ...options, threads, spinning, profile });
}

/** Cases a to d. */
async function stepRunner(task, tensors, weights) {
  const { step, inputs, state = {} } = steps[task.kind](task.shape, weights);
  const started = performance.now();
  const options = { inputs, state: { ...trainingState(weights, { untrained: [] }), ...state } };
  const program = await createProgram(task, step, options);
  const setupSeconds = (performance.now() - started) / 1000;
  const given = Object.fromEntries(Object.keys(inputs).map((name) => [name, tensors[name].data]));

  const facts = { setupSeconds };
  let runCount = 0;
  const run = async () => {
    const { loss, negatives } = await program.run(given, { seed: 1, step: runCount++ });
    if (negatives) facts.negatives ??= [...negatives];
    return loss[0];
  };
  const operators = async () =>
    (await program.profile()).map(({ operator, count, milliseconds }) => ({
      operator,
      count: count / runCount,
      milliseconds: milliseconds / runCount,
    }));
  return { run, facts, operators, close: () => program.dispose() };
}

/** The workspace of the app's default config. */
async function openWorkspace({ shape, sequences, threads }) {
  const { createEngine } = await appModule('engine/engine.js');
  const { parseConfig } = await appModule('config/config.js');
  const { workspaceOf } = await appModule('stages/workspace.js');
  const config = parseConfig({ data: { source: 'sequences', path: sequences } }, 'the bench');
  const engine = await createEngine({ ...config.engine, threads }, console.error);
  const users = readFileSync(sequences, 'utf8')
    .trim()
    .split('\n')
    .map((line) => Int32Array.from(line.split(' ').slice(1), (item) => Number(item) - 1));
  const dataset = { sequences: users, userIds: [], itemIds: { length: shape.itemCount } };
  return { config, workspace: await workspaceOf({ config, engine }, dataset) };
}

/** Case e: the app's own ranker. */
async function rankingRunner(task, _, weights) {
  const { workspace } = await openWorkspace(task);
  const started = performance.now();
  const { test } = await workspace.evaluation(weights);
  const setupSeconds = (performance.now() - started) / 1000;
  const found = await test.ranks(weights);
  return {
    run: async () => {
      const ranks = await test.ranks(weights);
      return ranks.reduce((sum, rank) => sum + 1 / rank, 0) / ranks.length;
    },
    facts: { setupSeconds, ranks: [...found] },
    close: () => workspace.dispose(),
  };
}

/** Case f: an epoch of the app's pretraining. */
async function epochRunner(task, _, weights) {
  const { pretrainProgram, trainingBatches } = await library('@rodpo/recipe');
  const { learnedTokens } = await recipeModule('batches/training-set.js');
  const { config, workspace } = await openWorkspace(task);
  const { set, layout } = workspace;
  const started = performance.now();
  const program = await pretrainProgram(workspace, weights, config.pretrain);
  const setupSeconds = (performance.now() - started) / 1000;

  let epoch = 0;
  const train = async (most) => {
    const seed = deriveSeed(1, epoch++);
    let [step, total, count] = [0, 0, 0];
    for (const batch of trainingBatches(set, layout, seed)) {
      if (step === most) break;
      const { loss } = await program.run(batch.inputs, { seed, step: step++ });
      total += loss[0] * learnedTokens(batch);
      count += learnedTokens(batch);
    }
    return total / count;
  };
  await train(4);
  return { run: () => train(), facts: { setupSeconds }, close: () => program.dispose() };
}

const runners = {
  trainingStep: stepRunner,
  preferenceStep: stepRunner,
  fullRanking: rankingRunner,
  trainingEpoch: epochRunner,
};

async function timed(run, count) {
  const [milliseconds, processorMilliseconds, values] = [[], [], []];
  for (let index = 0; index < count; index++) {
    const [started, before] = [performance.now(), process.cpuUsage()];
    values.push(await run());
    milliseconds.push(performance.now() - started);
    const { user, system } = process.cpuUsage(before);
    processorMilliseconds.push((user + system) / 1000);
  }
  return { milliseconds, processorMilliseconds, values };
}

const reply = (message) => console.log(JSON.stringify(message));

/** Serves one case until the input ends. */
export async function work(task) {
  if (task.backend === 'tensorflow' && !existsSync(stampOf(variants.cpu))) {
    return reply({ absent: 'it is not built: node tooling/tfjs-node/build.mjs cpu' });
  }
  const file = async (name) => (await readSafetensors(join(task.folder, name))).tensors;
  const [tensors, weights] = [await file('inputs.safetensors'), await file('weights.safetensors')];
  const { run, facts, operators, close } = await runners[task.kind](task, tensors, weights);
  const warm = await timed(run, task.warmUp);
  reply({ ...facts, ...warm });
  for await (const line of createInterface({ input: process.stdin })) {
    const { runs } = JSON.parse(line);
    reply(runs === undefined ? await operators() : await timed(run, runs));
  }
  await close();
}
