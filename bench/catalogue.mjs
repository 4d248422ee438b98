// What a large catalogue costs: steps of training by its size, memory, ranking, and PyTorch beside.
//
//   pnpm bench:catalogue [--python /path/to/python] [--rounds 5] [--users 4096] [--indexed 100000] [--threads 2]
//     [--json]
//
// A transformer (dimension 64, 2 blocks, 2 heads) on batches of 24 full rows of 64 tokens, item rows on the
// host, 4,096 candidates drawn anew in each step. Times hold all that a step needs: draws, gathering rows,
// following their gradients.
//
// - steps: pretraining by the sampled softmax and alignment by a pool of 50 among the candidates at 12,000,
//   100,000 and 1,000,000 items, rows followed by Adam; at 1,000,000 pretraining by SparseAdam, too, which is what
//   PyTorch does beside it; alignment with candidates from an index, up to --indexed items: the index of a
//   million takes a quarter of an hour or more to build, once, before the rounds that are counted. All moments
//   were written before, as after an epoch: a page's first write costs the system more than the step does
// - training: peak memory of 40 steps, a validation and the checkpoints, at 1,000,000 items
// - ranking: all items that reach a user's goal, counted, and each user's 20 best, at 1,000,000 items
//
// Contenders are processes of their own and take turns; a ratio is the median of the rounds' ratios. Without
// --python, PyTorch is left out: bench/peers/requirements.txt says what it needs.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { counts } from './common/counts.mjs';
import { atMost, conclude, figure } from './common/figures.mjs';
import { median } from './common/median.mjs';
import { startContender } from './engine/contender.mjs';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    users: { type: 'string', default: '4096' },
    indexed: { type: 'string', default: '100000' },
    threads: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
  },
});
const [rounds, userCount, indexed, threads] = counts(values, [
  'rounds',
  'users',
  'indexed',
  'threads',
]);
const say = values.json ? console.error : console.log;

const sizes = [12_000, 100_000, 1_000_000];
const largest = sizes.at(-1);
const task = {
  candidates: 4096,
  width: 64,
  length: 64,
  rowCount: 24,
  poolSize: 50,
  userCount,
  listed: 20,
  threads,
};
const local = (path) => fileURLToPath(new URL(path, import.meta.url));
const ours = (own) =>
  startContender({
    command: process.execPath,
    args: [local('catalogue/worker.mjs'), JSON.stringify({ ...task, ...own })],
  });
const torch = (own) =>
  startContender({
    command: values.python,
    args: [local('peers/catalogue_torch.py'), JSON.stringify({ ...task, ...own })],
  });

/** Medians of each contender's rounds, and the rounds themselves. */
async function takeTurns(contenders, ask) {
  const times = new Map(Object.keys(contenders).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, contender] of Object.entries(contenders)) {
      const time = await ask(contender, name);
      if (round >= 0) times.get(name).push(time);
    }
  }
  const ratio = (one, other) =>
    median(times.get(one).map((time, round) => time / times.get(other)[round]));
  return { of: (name) => median(times.get(name)), ratio };
}

/** The same algorithm as PyTorch's. */
const lazy = 'pretraining by SparseAdam';
const isCompared = (itemCount) => itemCount === largest && values.python !== undefined;

/** What is measured at a size of ours, or by PyTorch. */
function stepKinds(name) {
  if (name === 'torch') return ['pretraining'];
  const kinds = ['pretraining', 'alignment'];
  if (isCompared(Number(name))) kinds.push(lazy);
  return Number(name) <= indexed ? [...kinds, 'alignment by an index'] : kinds;
}

const stepTime = async (contender, kind) => {
  const { milliseconds } = await contender.request({ kind, runs: 5 });
  return median(milliseconds);
};

async function stepFigures() {
  const started = {};
  for (const itemCount of sizes) {
    started[itemCount] = await ours({
      kind: 'steps',
      itemCount,
      isIndexed: itemCount <= indexed,
      isCompared: isCompared(itemCount),
    });
  }
  if (values.python) started.torch = await torch({ kind: 'steps', itemCount: largest });
  const contenders = Object.fromEntries(
    Object.entries(started).flatMap(([name, contender]) =>
      stepKinds(name).map((kind) => [`${kind}, ${name}`, { contender, kind }]),
    ),
  );
  const { of, ratio } = await takeTurns(contenders, ({ contender, kind }) =>
    stepTime(contender, kind),
  );
  await Promise.all(Object.values(started).map((contender) => contender.stop()));
  const cases = Object.keys(contenders).map((name) => figure(`step: ${name}`, of(name), 'ms'));
  const versus = (name, one, other, bar) => atMost(name, ratio(one, other), 'times', bar);
  for (const size of sizes.filter((itemCount) => itemCount <= indexed)) {
    const [one, other] = [`alignment by an index, ${size}`, `pretraining, ${size}`];
    cases.push(
      figure(`step of alignment by an index / of pretraining, ${size}`, ratio(one, other), 'times'),
    );
  }
  for (const kind of ['pretraining', 'alignment']) {
    const [few, many] = [sizes[0], largest].map((size) => `${kind}, ${size}`);
    cases.push(versus(`${kind}: a step at ${largest} / at ${sizes[0]} items`, many, few, 1.3));
  }
  const of1 = (kind) => `${kind}, ${largest}`;
  cases.push(
    versus('step of alignment / of pretraining', of1('alignment'), of1('pretraining'), 1.3),
  );
  if (values.python) {
    const name = 'step of pretraining by SparseAdam, ours / PyTorch';
    cases.push(versus(name, of1(lazy), 'pretraining, torch', 0.7));
  }
  return cases;
}

async function memoryFigures() {
  const contender = await ours({ kind: 'train', itemCount: largest });
  await contender.request({ steps: 40 });
  const gigabytes = (contender.peakMemory() * 2 ** 20) / 1e9;
  await contender.stop();
  return [atMost('training: peak memory', gigabytes, 'GB', 2.5)];
}

async function rankingFigures() {
  const started = { ours: await ours({ kind: 'rank', itemCount: largest }) };
  if (values.python) started.torch = await torch({ kind: 'rank', itemCount: largest });
  const cases = [];
  for (const kind of ['counts', 'lists']) {
    const { of, ratio } = await takeTurns(
      started,
      async (contender) => (await contender.request({ kind })).seconds,
    );
    for (const name of Object.keys(started)) {
      cases.push(figure(`ranking, ${kind} of ${userCount} users: ${name}`, of(name), 's'));
    }
    if (!values.python) continue;
    // Ranks are counted; what others do for them, and for lists, is a product and its best.
    cases.push(atMost(`ranking, ${kind}: ours / PyTorch`, ratio('ours', 'torch'), 'times', 0.8));
  }
  await Promise.all(Object.values(started).map((contender) => contender.stop()));
  return cases;
}

const cases = [];
for (const figures of [stepFigures, memoryFigures, rankingFigures]) {
  say(`${figures.name} …`);
  cases.push(...(await figures()));
}
conclude(cases, { json: values.json });
