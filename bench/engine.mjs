// Our engine (tfjs recorded, ONNX Runtime) against PyTorch, tfjs alone and the first prototype.
//
//   pnpm bench:engine [--torch NAME=PYTHON]… [--data SEQUENCES] [--cases a,b] [--rounds 5]
//                     [--threads 2] [--busy 2] [--profile] [--json]
//
// What is measured, and the bars, are in engine/cases.mjs. Each contender of a case has a process
// of its own; they run in turns, never two at once, and the median of all runs counts. PyTorch
// runs eager and compiled (from 2 on), with 1 thread and with all: the faster one counts. Only
// PyTorch 1.13 has bars (Debian: apt-get install python3-torch). tfjs-node runs where it was built
// (node tooling/tfjs-node/build.mjs cpu). SEQUENCES is Amazon Beauty as
// lines `user item item …`: f needs it, e takes random sequences without it. g has turns beside as many
// busy processes as --busy says; its idle turns mean something on a machine that nobody else uses.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cases } from './engine/cases.mjs';
import { check } from './engine/checks.mjs';
import { writeInputs, writeRandomSequences } from './engine/inputs.mjs';
import { lineUp, lineUpSpinning } from './engine/line-up.mjs';
import { checkEqualValues, loadFigures, loadTable, measureLoads } from './engine/loads.mjs';
import { measure } from './engine/measure.mjs';
import { profile } from './engine/profile.mjs';
import { contenderTable, figures, figureTable, operatorTable, verdict } from './engine/report.mjs';
import { work } from './engine/worker.mjs';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: Object.keys(cases).join() },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(availableParallelism()) },
    busy: { type: 'string', default: String(availableParallelism()) },
    torch: { type: 'string', multiple: true, default: [] },
    data: { type: 'string' },
    profile: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** Internal: the task of one contender, as JSON. */
    worker: { type: 'string' },
  },
});
const say = values.json ? console.error : console.log;

function torchByName() {
  const pairs = values.torch.map((pair) => /^([^=]+)=(.+)$/.exec(pair)?.slice(1));
  if (pairs.includes(undefined)) throw new Error('Expected --torch NAME=PYTHON.');
  return Object.fromEntries(pairs);
}

function sequencesFor(folder, { kind, shape }) {
  if (kind !== 'fullRanking' && kind !== 'trainingEpoch') return undefined;
  if (values.data) return resolve(values.data);
  const file = join(folder, 'sequences.txt');
  writeRandomSequences(file, shape);
  return file;
}

function taskOf(folder, { kind, shape, warmUp }, sequences) {
  return { kind, shape, warmUp, folder, threads: Number(values.threads), sequences };
}

async function runCase(key, folder) {
  const definition = cases[key];
  await writeInputs(folder, definition.shape);
  const task = taskOf(folder, definition, sequencesFor(folder, definition));
  if (definition.underLoads) return runUnderLoads(key, definition, task);
  const contenders = lineUp(task, torchByName(), taskOf(folder, cases.a));
  const plan = { rounds: Number(values.rounds), runs: definition.runs };
  const entries = await measure(contenders, plan, console.error);
  if (entries[0].absent) throw new Error(`Our engine failed:\n${entries[0].absent}`);
  say(contenderTable(entries));
  const isRight = checked(entries, definition);

  const wantsProfile =
    definition.multiplicationBar !== undefined || (values.profile && definition.warmUp > 0);
  const profiled = wantsProfile ? await profiledStep(task) : undefined;
  if (profiled && values.profile) say(operatorTable(profiled));
  return [verdict(key, isRight), ...figures(key, definition, entries, profiled)];
}

/** A case that is about how we fare beside other work. */
async function runUnderLoads(key, definition, task) {
  const plan = { rounds: Number(values.rounds), runs: definition.runs };
  const contenders = lineUpSpinning(task);
  const entries = await measureLoads(contenders, plan, Number(values.busy), console.error);
  if (entries[0].absent) throw new Error(`Our engine failed:\n${entries[0].absent}`);
  say(loadTable(entries));
  const isRight = checked(entries, definition, checkEqualValues);
  return [verdict(key, isRight), ...loadFigures(key, definition, entries)];
}

/** A case that computed something else fails, and the others go on. */
function checked(entries, definition, checkMore = () => {}) {
  try {
    check(entries, definition);
    checkMore(entries);
    return true;
  } catch (error) {
    say(`  WRONG: ${error.message}`);
    return false;
  }
}

/** The case once more, with onnxruntime's profile on. */
function profiledStep(task) {
  const [contender] = lineUp({ ...task, profile: true }, {}, {});
  return profile(contender, { runs: 10 });
}

async function main() {
  const measured = [];
  if (values.torch.length === 0) say('No --torch given: what is compared with it is left out.');
  for (const key of values.cases.split(',')) {
    if (!cases[key])
      throw new Error(`Unknown case '${key}'. Expected some of ${Object.keys(cases)}.`);
    say(`${key}: ${cases[key].title}`);
    if (cases[key].needsData && !values.data) {
      say('  left out: give --data SEQUENCES');
      continue;
    }
    const folder = mkdtempSync(join(tmpdir(), 'rodpo-bench-'));
    try {
      measured.push(...(await runCase(key, folder)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  say(`\n${figureTable(measured)}`);
  if (values.json) console.log(JSON.stringify({ cases: measured }));
  process.exitCode = measured.every(({ pass }) => pass) ? 0 : 1;
}

await (values.worker ? work(JSON.parse(values.worker)) : main());
