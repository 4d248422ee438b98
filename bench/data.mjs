// Tables to k-cored, split sequences: ours against polars and pandas, and how far memory goes.
//
//   pnpm bench:data [--python PYTHON] [--rows 10000000] [--rounds 3] [--large 50000000]
//                   [--huge 200000000] [--folder FOLDER] [--threads 2] [--json]
//
// PYTHON has bench/peers/requirements-data.txt; without it there are no peers. Each contender has a
// process of its own; they run in turns, never two at once, and the median of the rounds counts. All
// must end with the same sequences, bit for bit. --large is prepared once with DuckDB held to --memory,
// and --huge once in Parquet; 0 leaves either out. FOLDER keeps the tables for another time.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { atMost, conclude, figure } from './common/figures.mjs';
import { median } from './common/median.mjs';
import { makeTable } from './data/tables.mjs';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    rows: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '3' },
    large: { type: 'string', default: '50000000' },
    huge: { type: 'string', default: '200000000' },
    memory: { type: 'string', default: '800MB' },
    folder: { type: 'string' },
    threads: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { python, threads } = values;

const ours = (memory) => (file) => [
  process.execPath,
  [here('data/prepare.mjs'), file, threads, memory],
];
const contenders = {
  ours: ours('2GB'),
  ...(python && {
    polars: (file) => [python, [here('peers/prepare_polars.py'), file, threads]],
    pandas: (file) => [python, [here('peers/prepare_pandas.py'), file]],
  }),
};

function run([command, args]) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** What each contender takes, after all have shown the same sequences. */
function compared(file) {
  const runs = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, contender] of Object.entries(contenders)) {
      const result = run(contender(file));
      runs[name].push(result);
      console.error(
        `${name} ${file}: ${result.seconds.toFixed(1)} s, ${result.megabytes.toFixed(0)} MB`,
      );
      if (result.sequences !== runs.ours[0].sequences) {
        throw new Error(`Expected the sequences of ours from ${name}, got others.`);
      }
    }
  }
  const medianOf = (results, key) => median(results.map((result) => result[key]));
  return Object.fromEntries(
    Object.entries(runs).map(([name, results]) => [
      name,
      {
        seconds: medianOf(results, 'seconds'),
        processorSeconds: medianOf(results, 'processorSeconds'),
        megabytes: medianOf(results, 'megabytes'),
      },
    ]),
  );
}

function ratios(format, taken) {
  const bars = { polars: 1, pandas: 0.25 };
  return Object.entries(taken).flatMap(([name, { seconds, processorSeconds, megabytes }]) => [
    figure(`${format}, ${name}`, seconds, 's'),
    figure(`${format}, ${name}, processor time`, processorSeconds, 's'),
    figure(`${format}, ${name}, peak memory`, megabytes, 'MB'),
    ...(name in bars
      ? [atMost(`${format}, ours ÷ ${name}`, taken.ours.seconds / seconds, '', bars[name])]
      : []),
  ]);
}

/** One preparation with DuckDB held short: [seconds, peak memory]. */
async function alone(folder, rows, memory) {
  const file = await makeTable(folder, { rows, format: 'parquet' });
  const { seconds, megabytes } = run(ours(memory)(file));
  return [seconds, megabytes];
}

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'bench-data-'));
mkdirSync(folder, { recursive: true });
try {
  const cases = [];
  for (const format of Number(values.rows) > 0 ? ['csv', 'parquet'] : []) {
    const file = await makeTable(folder, { rows: Number(values.rows), format });
    cases.push(...ratios(format, compared(file)));
  }
  if (Number(values.large) > 0) {
    const [seconds, megabytes] = await alone(folder, Number(values.large), values.memory);
    cases.push(figure(`${values.large} rows, time`, seconds, 's'));
    cases.push(atMost(`${values.large} rows, peak memory`, megabytes, 'MB', 2048));
  }
  if (Number(values.huge) > 0) {
    const [seconds, megabytes] = await alone(folder, Number(values.huge), '4GB');
    cases.push(figure(`${values.huge} rows, time`, seconds, 's'));
    cases.push(figure(`${values.huge} rows, peak memory`, megabytes, 'MB'));
  }
  conclude(cases, values);
} finally {
  if (!values.folder) rmSync(folder, { recursive: true, force: true });
}
