/**
 * Runs the app's tests against mutants of its own code. Fails below a score of 90 %, or if a mutant
 * survives without an explanation in `mutants/survivors.json`. Arguments go to StrykerJS, such as
 * `--mutate 'packages/recipe/src/steps/*.ts'`; what is known from an earlier run is not run again.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mutantsOf, scoreOf, unexplained } from './mutants/report.mjs';

const leastScore = 0.9;
const repository = new URL('../', import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, repository), 'utf8'));

const stryker = fileURLToPath(new URL('node_modules/.bin/stryker', repository));
const { status } = spawnSync(
  stryker,
  ['run', 'tooling/stryker.config.json', ...process.argv.slice(2)],
  { cwd: fileURLToPath(repository), stdio: 'inherit' },
);
if (status !== 0) process.exit(status ?? 1);

const mutants = mutantsOf(read('node_modules/.cache/mutants/report.json'));
const left = unexplained(mutants, read('tooling/mutants/survivors.json'));
for (const { file, line, source, mutator, replacement } of left) {
  console.log(`${file}:${line} ${mutator}\n  - ${source}\n  + ${replacement}`);
}
const survivors = mutants.filter(({ survived }) => survived).length;
const score = scoreOf(mutants);
console.log(
  `${mutants.length} mutants, ${survivors} survived (${left.length} of them without an ` +
    `explanation): score ${(100 * score).toFixed(1)} %, at least ${100 * leastScore} % is asked for`,
);
process.exitCode = score >= leastScore && left.length === 0 ? 0 : 1;
