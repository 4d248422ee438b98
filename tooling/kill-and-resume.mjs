// Kills a run again and again in mid-training, resumes it, and compares what is left with a run that
// nobody killed, byte by byte. `node tooling/kill-and-resume.mjs [times]` (20) needs the built app;
// RODPO names another main file.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main =
  process.env.RODPO ?? fileURLToPath(new URL('../apps/pipeline/dist/main.js', import.meta.url));

const settings = {
  engine: { threads: 1 },
  data: { source: 'simulator', userCount: 400, itemCount: 120, images: false },
  encoder: { maxLength: 16, dimension: 16, blockCount: 1, headCount: 1 },
  batch: { rowLength: 16, rowCount: 8, blockSize: 128 },
  pretrain: { maxEpochs: 8, patience: 8 },
  align: {
    maxEpochs: 4,
    patience: 4,
    strategies: [
      { name: 'hard', negatives: { from: 'pool', size: 1 } },
      { name: 'stochastic', negatives: { from: 'pool', size: 20 } },
    ],
  },
};

/** The checkpoints, the ranks and the summary: all of a run that does not tell times. */
export function resultsOf(run) {
  const files = ['checkpoints', 'results'].flatMap((folder) =>
    readdirSync(join(run, folder))
      .filter((name) => name.endsWith('.safetensors'))
      .map((name) => join(folder, name)),
  );
  const digests = [...files.sort(), 'summary.json'].map((file) => {
    const digest = createHash('sha256').update(readFileSync(join(run, file)));
    return [file, digest.digest('hex')];
  });
  return Object.fromEntries(digests);
}

function commandFor(config, output) {
  return [main, 'run', '--config', config, '--output', output];
}

/** Kills after a random while from the first trained step on. @returns what had been said last */
async function killedRun(config, output) {
  const child = spawn(process.execPath, commandFor(config, output), { stdio: 'pipe' });
  const ended = new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
  let said = '';
  await new Promise((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      said += text;
      // An epoch's line is said when its steps are done and its checkpoint is being written.
      if (/pretrain epoch 1/.test(said)) resolve();
    });
    void ended.then(resolve);
  });
  const wait = Math.random() * (settings.pretrain.maxEpochs + 2 * settings.align.maxEpochs) * 150;
  await new Promise((resolve) => setTimeout(resolve, wait));
  child.kill('SIGKILL');
  const signal = await ended;
  return { wasKilled: signal === 'SIGKILL', last: said.trim().split('\n').at(-1) };
}

const times = Number(process.argv[2] ?? 20);
const folder = mkdtempSync(join(tmpdir(), 'rodpo-kills-'));
const config = join(folder, 'config.json');
writeFileSync(config, JSON.stringify(settings));
const finish = (output) => execFileSync(process.execPath, commandFor(config, output));

finish(join(folder, 'whole'));
const expected = JSON.stringify(resultsOf(join(folder, 'whole')));
let kills = 0;
let equal = 0;
while (kills < times) {
  const output = join(folder, `killed-${kills}`);
  const { wasKilled, last } = await killedRun(config, output);
  if (wasKilled) {
    finish(output);
    const isEqual = JSON.stringify(resultsOf(output)) === expected;
    const partials = readdirSync(output, { recursive: true }).filter((name) =>
      name.endsWith('.partial'),
    );
    kills++;
    if (isEqual && partials.length === 0) equal++;
    console.log(`${kills}: ${isEqual ? 'equal' : 'NOT EQUAL'} (killed after: ${last}) ${partials}`);
  }
  rmSync(output, { recursive: true, force: true });
}
rmSync(folder, { recursive: true });
console.log(`${equal} of ${times} ended as a run that nobody killed`);
process.exitCode = equal === times ? 0 : 1;
