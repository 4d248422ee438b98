// Seconds per pretraining epoch: the pipeline against SASRec in PyTorch, same data, shape and loss.
//
//   python3 -m venv .venv && .venv/bin/pip install -r bench/peers/requirements.txt
//   pnpm bench:pretrain SEQUENCES [--python .venv/bin/python] [--rounds 2] [--threads 2] [--json]
//
// Interleaved: each round runs two epochs of ours, then two of PyTorch; the fastest epoch of each
// counts, since anything else on the machine only ever adds time.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', default: 'python3' },
    rounds: { type: 'string', default: '2' },
    threads: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
if (!positionals[0]) throw new Error('Expected the path of a file of lines `user item item …`.');
const sequences = resolve(positionals[0]);
const here = (path) => new URL(path, import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rodpo-bench-'));

/** Seconds of each of two epochs, read from the lines either side logs; both must have learned. */
function seconds(lines) {
  const epochs = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((entry) => entry.seconds !== undefined);
  if (epochs.length !== 2 || !(epochs[1].loss < epochs[0].loss)) {
    throw new Error(`Expected two epochs with a falling loss, got:\n${lines}`);
  }
  return epochs.map((epoch) => epoch.seconds);
}

function ours(round) {
  const output = join(folder, `run-${round}`);
  const config = join(folder, 'config.json');
  const settings = {
    output,
    engine: { threads: Number(values.threads) },
    data: { source: 'sequences', path: sequences },
    pretrain: { maxEpochs: 2 },
  };
  writeFileSync(config, JSON.stringify(settings));
  for (const stage of ['prepare', 'pretrain']) {
    execFileSync('node', [here('../apps/pipeline/dist/main.js'), stage, '-c', config]);
  }
  return seconds(readFileSync(join(output, 'metrics.jsonl'), 'utf8'));
}

function torch() {
  const options = ['--epochs', '2', '--threads', values.threads];
  const script = here('peers/sasrec_torch.py');
  return seconds(
    execFileSync(values.python, [script, sequences, ...options], { encoding: 'utf8' }),
  );
}

const times = { ours: [], torch: [] };
for (let round = 0; round < Number(values.rounds); round++) {
  times.ours.push(...ours(round));
  times.torch.push(...torch());
}
rmSync(folder, { recursive: true });

const best = { ours: Math.min(...times.ours), torch: Math.min(...times.torch) };
const ratio = best.torch / best.ours;
const cases = [
  { name: 'rodpo', value: best.ours, unit: 's/epoch', bar: null, pass: true },
  { name: 'pytorch', value: best.torch, unit: 's/epoch', bar: null, pass: true },
  { name: 'pytorch / rodpo', value: ratio, unit: 'times', bar: 1, pass: ratio >= 1 },
];
process.exitCode = cases.every(({ pass }) => pass) ? 0 : 1;
if (values.json) {
  console.log(JSON.stringify({ cases }));
} else {
  for (const { name, value, unit } of cases) console.log(`${name}: ${value.toFixed(2)} ${unit}`);
}
