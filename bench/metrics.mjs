// What metrics cost, on one core: rankings, a stream of ten million cases, significance tests.
//
//   pnpm bench:metrics [--rounds 3] [--json]
//
// The sizes are those of Amazon Beauty: 12,101 items, 22,363 users. No bars but one: a stream keeps
// no case, so its memory must not grow with their number.
import { parseArgs } from 'node:util';
import { conclude, figure } from './common/figures.mjs';
import { library } from './common/libraries.mjs';
import { median } from './common/median.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});

const metrics = await library('@rodpo/metrics');
const { gaussianRandom, seededRandom } = await library('@rodpo/random');
const random = seededRandom(2026);
const normal = gaussianRandom(random);
const [itemCount, userCount] = [12_101, 22_363];

const scores = Float32Array.from({ length: itemCount }, normal);
const perUser = (shift) => Float64Array.from({ length: userCount }, () => normal() + shift);
const [baseline, candidate] = [perUser(0), perUser(0.02)];
const million = [0, 0.001].map((shift) =>
  Float64Array.from({ length: 1_000_000 }, () => normal() + shift),
);
const seeds = Array.from({ length: 5 }, () => perUser(0.02));

/** What is timed, and whether its result is right. */
const tasks = {
  [`1,000 ranks by rankOfTarget among ${itemCount}`]: {
    run: () => {
      let sum = 0;
      for (let target = 0; target < 1000; target++) sum += metrics.rankOfTarget(scores, target);
      return sum;
    },
    isRight: (sum) => sum > 1000 && sum < 1000 * itemCount,
  },
  '10,000,000 cases through rankMetricsStream': {
    run: () => {
      const stream = metrics.rankMetricsStream([10]);
      for (let index = 0; index < 10_000_000; index++) stream.add(1 + (index % 20));
      return stream.result();
    },
    isRight: (result) => Math.abs(result['hit@10'].mean - 0.5) < 1e-9,
  },
  [`pairedBootstrap, ${userCount} pairs, 10,000 resamples`]: {
    run: () => metrics.pairedBootstrap(candidate, baseline, { random }),
    isRight: ({ confidenceInterval: [low, high] }) => high - low > 0 && high - low < 0.1,
  },
  [`nestedBootstrap, 5 seeds of ${userCount}, 10,000 resamples`]: {
    run: () => metrics.nestedBootstrap(seeds, { random }),
    isRight: ({ confidenceInterval: [low, high] }) => high > low,
  },
  'wilcoxonSignedRank, 1,000,000 pairs': {
    run: () => metrics.wilcoxonSignedRank(million[1], million[0]),
    isRight: ({ pValue }) => pValue > 0 && pValue < 1,
  },
  'correctedMetric, 100 of 100,000 items': {
    run: () =>
      metrics.correctedMetric((rank) => metrics.ndcgAt(rank, 10), {
        sampleCount: 100,
        itemCount: 100_000,
        warn: () => {},
      }),
    isRight: ({ length }) => length === 101,
  },
};

const cases = [];
for (const [name, { run, isRight }] of Object.entries(tasks)) {
  const times = [];
  const before = process.memoryUsage().heapUsed;
  for (let round = -1; round < Number(values.rounds); round++) {
    const start = performance.now();
    const result = run();
    if (round >= 0) times.push(performance.now() - start);
    if (!isRight(result)) throw new Error(`${name}: the result is wrong`);
  }
  cases.push(figure(name, median(times), 'ms'));
  if (!name.includes('Stream')) continue;
  const grown = Math.max(0, (process.memoryUsage().heapUsed - before) / 2 ** 20);
  cases.push(figure(`${name}: heap grown`, grown, 'MiB', 16, grown <= 16));
}
conclude(cases, values);
