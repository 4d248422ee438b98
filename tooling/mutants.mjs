/**
 * Runs the tests against mutants of the recipe and the app, part by part: `mutants.mjs [part …]`. Fails
 * below a score of 90 % in a part, or if a mutant survives without an explanation in
 * `mutants/survivors.json`, or has not met all tests that reach it. `--sample 0.25 --seed 1` tries a
 * share of the mutants; other options go to StrykerJS, such as
 * `--mutate 'packages/recipe/src/steps/*.ts'`. What was noticed in an earlier run is not tried again.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parts } from './mutants/parts.mjs';
import {
  countsOf,
  mutantsOf,
  scoreOf,
  settledIn,
  unexplained,
  untriedIn,
} from './mutants/report.mjs';

const leastScore = 0.9;
const repository = new URL('../', import.meta.url);
const cached = (name) => new URL(`node_modules/.cache/mutants/${name}.json`, repository);
const read = (url) => JSON.parse(readFileSync(url, 'utf8'));

const names = process.argv.slice(2).filter((argument) => Object.hasOwn(parts, argument));
const options = process.argv.slice(2).filter((argument) => !names.includes(argument));

/** Takes `--name value` out of the options. */
function taken(name, otherwise) {
  const place = options.indexOf(`--${name}`);
  return place < 0 ? otherwise : options.splice(place, 2)[1];
}
const [sample, seed] = [taken('sample', '1'), taken('seed', '1')];

function run(name) {
  const known = cached(name);
  if (existsSync(known)) writeFileSync(known, JSON.stringify(settledIn(read(known))));
  const { status } = spawnSync(
    fileURLToPath(new URL('node_modules/.bin/stryker', repository)),
    ['run', 'tooling/stryker.config.mjs', ...options],
    {
      cwd: fileURLToPath(repository),
      stdio: 'inherit',
      env: {
        ...process.env,
        RODPO_MUTANTS_OF: name,
        RODPO_MUTANTS_SAMPLE: sample,
        RODPO_MUTANTS_SEED: seed,
      },
    },
  );
  if (status !== 0) process.exit(status ?? 1);
  return read(cached(`${name}-report`));
}

for (const name of names.length > 0 ? names : Object.keys(parts)) {
  const report = run(name);
  const mutants = mutantsOf(report);
  const left = unexplained(mutants, read(new URL('tooling/mutants/survivors.json', repository)));
  for (const { file, line, source, mutator, replacement } of left) {
    console.log(`${file}:${line} ${mutator}\n  - ${source}\n  + ${replacement}`);
  }
  const counts = Object.entries(countsOf(mutants)).map(([status, count]) => `${count} ${status}`);
  const score = scoreOf(mutants);
  const untried = untriedIn(report);
  console.log(
    `${name}: ${mutants.length} mutants${sample === '1' ? '' : ` (a sample of ${sample}, seed ${seed})`}, ` +
      `${counts.join(', ')}, ${untried} that did not meet all their tests; ` +
      `${left.length} survivors without an explanation: score ${(100 * score).toFixed(1)} %, at least ${100 * leastScore} % is asked for`,
  );
  if (score < leastScore || left.length > 0 || untried > 0) process.exitCode = 1;
}
