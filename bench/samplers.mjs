// What negatives cost: 1,024 rows over 12,101 items, one draw per row, on one core.
//
//   pnpm bench:samplers [--rounds 15] [--json]
//
// topKPool with a pool of 100, ten excluded items per row, NaN found and log q reported, against
// the fastest of the bare selections in samplers/baselines.mjs, which do none of that. They run in
// turns in one process, and the medians are compared. Random scores are what training sees, and
// have a bar. Ascending and equal ones are made to slow selections down: ascending ones let every
// item pass a running threshold, equal ones suit the threshold that starts with the first items.
// Those, and other samplers, are shown without a bar.
import { parseArgs } from 'node:util';
import { atMost, conclude, figure } from './common/figures.mjs';
import { library } from './common/libraries.mjs';
import { median } from './common/median.mjs';
import * as baselines from './samplers/baselines.mjs';
import {
  arrangements,
  exclusions,
  itemCount,
  poolSize,
  rowCount,
  scoresOf,
} from './samplers/inputs.mjs';
import { bytesPerCall, inTurns } from './samplers/measure.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 9) throw new Error('Expected --rounds of 9 or more.');
const say = values.json ? console.error : console.log;

const samplers = await library('@rodpo/samplers');
const { seededRandom } = await library('@rodpo/random');
const random = seededRandom(2026);
const nothing = samplers.excludeNothing(rowCount);
const history = exclusions(random);

const ratio = (name, value, bar) =>
  bar === undefined ? figure(name, value, 'times') : atMost(name, value, 'times', bar);
const sorted = (items) => Int32Array.from(items).sort().join();

/** By sorting the whole row; ties to the lower index. */
function bestOf(scores, row, excluded) {
  const ofRow = scores.subarray(row * itemCount, (row + 1) * itemCount);
  return [...ofRow.keys()]
    .filter((item) => !excluded.has(item))
    .sort((a, b) => ofRow[b] - ofRow[a] || a - b)
    .slice(0, poolSize);
}

/** Whether every selection, and the sampler's pool, is that of `bestOf` in some rows. */
function areRight(selections, scores) {
  const pool = samplers.topKPool({ poolSize });
  const pooled = (excluded) =>
    pool.sample({ rowCount, scores, excluded }, poolSize, seededRandom(1)).items;
  const bare = pooled(nothing);
  const narrowed = pooled(history);
  const picked = (select, row) => sorted(select(scores, row * itemCount).subarray(0, poolSize));
  const isRight = (row) => {
    const ofRow = (items) => sorted(items.subarray(row * poolSize, (row + 1) * poolSize));
    const expected = sorted(bestOf(scores, row, new Set()));
    const first = history.offsets[row];
    const excluded = new Set(history.items.subarray(first, history.offsets[row + 1]));
    return (
      ofRow(bare) === expected &&
      ofRow(narrowed) === sorted(bestOf(scores, row, excluded)) &&
      selections.every((select) => picked(select, row) === expected)
    );
  };
  // All rows would take minutes to sort; the selections are compared in all of them.
  const agree = (row) => {
    const ofRow = sorted(bare.subarray(row * poolSize, (row + 1) * poolSize));
    return selections.every((select) => picked(select, row) === ofRow);
  };
  const rows = [...Array(rowCount).keys()];
  return rows.every(agree) && rows.filter((row) => row % 64 === 0).every(isRight);
}

function topKCases(title, { scoreOf, bar }) {
  const scores = scoresOf(scoreOf, random);
  const selections = Object.fromEntries(
    Object.entries(baselines).map(([name, make]) => [name, make(itemCount, poolSize)]),
  );
  const isRight = areRight(Object.values(selections), scores);
  const pool = samplers.topKPool({ poolSize });
  const into = { items: new Int32Array(rowCount), logProbabilities: new Float32Array(rowCount) };
  const batch = { rowCount, scores, excluded: history };
  const draw = () => pool.sample(batch, 1, random, into);
  // Numbers that a generator returns may be allocated: that is its affair.
  const drawMiddle = () => pool.sample(batch, 1, () => 0.5, into);
  const contenders = { topKPool: draw };
  for (const [name, select] of Object.entries(selections)) {
    contenders[name] = () => {
      for (let row = 0; row < rowCount; row++) select(scores, row * itemCount);
    };
  }

  const times = Object.entries(inTurns(contenders, rounds)).map(([name, all]) => [
    name,
    median(all),
  ]);
  const [[, ours], ...others] = times;
  const [fastest, bareTime] = others.sort(([, a], [, b]) => a - b)[0];
  for (const [name, time] of times) say(`  ${name.padEnd(20)}${time.toFixed(1).padStart(9)} ms`);
  // A call allocates a little; the smallest object per row would be 16 bytes.
  const perRow = bytesPerCall(drawMiddle) / rowCount;
  return [
    figure(`top ${poolSize}, ${title}: results are right`, Number(isRight), '', 1, isRight),
    figure(`top ${poolSize}, ${title}: topKPool`, ours, 'ms'),
    figure(`top ${poolSize}, ${title}: fastest bare selection (${fastest})`, bareTime, 'ms'),
    ratio(`top ${poolSize}, ${title}: topKPool / fastest bare`, ours / bareTime, bar),
    atMost(`top ${poolSize}, ${title}: allocated per row`, perRow, 'bytes', 15),
  ];
}

/** Draws per second of other samplers, at random scores. */
function rateCases() {
  const scores = scoresOf(arrangements['random scores'].scoreOf, random);
  const counts = Float64Array.from({ length: itemCount }, (_, item) => 1 + 1000 / (1 + item));
  const keys = Int32Array.from({ length: rowCount }, (_, row) => row);
  const batch = { rowCount, scores, excluded: history, keys };
  const kept = samplers.cachedPool({ keyCount: rowCount, poolSize, refreshEvery: 10 });
  kept.sample(batch, 1, random);
  const all = {
    uniform: samplers.uniform({ itemCount }),
    popularity: samplers.popularity({ counts }),
    'DNS, 1 of 100': samplers.dynamicNegatives({ candidateCount: 100 }),
    'DNS, 10 of 1,000': samplers.dynamicNegatives({ candidateCount: 1000, keep: 10 }),
    'topKPool by softmax': samplers.topKPool({ poolSize, weighting: { temperature: 1 } }),
    'topKPool by rank': samplers.topKPool({ poolSize, weighting: 'rank' }),
    'cachedPool, none due': kept,
    hardest: samplers.hardest(),
  };
  const into = { items: new Int32Array(rowCount), logProbabilities: new Float32Array(rowCount) };
  const contenders = Object.fromEntries(
    Object.entries(all).map(([name, sampler]) => [
      name,
      () => sampler.sample(batch, 1, random, into),
    ]),
  );
  return Object.entries(inTurns(contenders, rounds)).map(([name, times]) =>
    figure(`${name}: draws`, (rowCount / median(times)) * 1000, 'per second'),
  );
}

const cases = [];
for (const [title, arrangement] of Object.entries(arrangements)) {
  say(`top ${poolSize} of ${itemCount}, ${rowCount} rows, ${title}`);
  cases.push(...topKCases(title, arrangement));
}
cases.push(...rateCases());
say('');
conclude(cases, values);
