// What answering costs, and what it bears: the service under load, passes over the catalogue, experts.
//
//   pnpm bench:serving [--python /path/to/python] [--cases service,scan,experts,start,soak,malformed]
//                      [--rounds 5] [--seconds 5] [--soak-seconds 600] [--threads 2] [--json]
//
// A transformer (dimension 64, 2 blocks, 2 heads, 50 items of a history), untrained: what it answers makes no
// difference to what an answer costs.
//
// - service: requests/s at p99 ≤ 50 ms over 12,000 items, histories of 20, ten answers, autocannon on the same
//   machine, workers = cores, against FastAPI + uvicorn + onnxruntime + NumPy with the same bundle. The best of
//   the numbers of connections 1, 2, 4, … 64; answers are checked to be the same.
// - scan: ten best of 1,000,000 × 64, one vector at a time and 64 together, against faiss: the exact pass and
//   IndexFlatIP, the bundle's index and HNSW at equal recall. The vectors lie about 1,000 centres.
// - experts: one history through a sparse mixture (2 of 8 experts) and through a dense encoder as wide as 2.
// - start: from starting the process to the first answer, 12,000 and 1,000,000 items
// - soak: twice the load that the service case found, for --soak-seconds: errors other than 429, growth of memory
// - malformed: requests made of the OpenAPI document by schemathesis: none may be answered with 5xx
//
// Contenders take turns; a ratio is the median of the rounds' ratios. Without --python, what needs it is left out:
// bench/peers/requirements-serving.txt says what.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { counts } from './common/counts.mjs';
import { conclude } from './common/figures.mjs';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    cases: { type: 'string', default: 'service,scan,experts,start,soak,malformed' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    'soak-seconds': { type: 'string', default: '600' },
    threads: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
  },
});
const names = ['rounds', 'seconds', 'soak-seconds', 'threads'];
const [rounds, seconds, soakSeconds, threads] = counts(values, names);
const folder = await mkdtemp(join(tmpdir(), 'rodpo-bench-serving-'));
const setting = {
  folder,
  python: values.python,
  rounds,
  seconds,
  soakSeconds,
  threads,
  say: values.json ? console.error : console.log,
};

const cases = [];
try {
  for (const name of values.cases.split(',')) {
    const { measure } = await import(`./serving/${name}.mjs`);
    cases.push(...(await measure(setting)));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
conclude(cases, values);
