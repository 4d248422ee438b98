import { chosenPart } from './mutants/parts.mjs';

const { name, mutate } = chosenPart();
const cache = `node_modules/.cache/mutants/${name}`;

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', './tooling/mutants/sample.mjs'],
  vitest: { configFile: 'tooling/vitest.mutants.mjs', related: false },
  checkers: process.env.RODPO_MUTANTS_SAMPLE === '1' ? [] : ['sample'],
  mutate: [mutate],
  // Texts: what a person reads is right or wrong in ways that no test of ours decides.
  mutator: { excludedMutations: ['StringLiteral'] },
  coverageAnalysis: 'perTest',
  // Of a mutant that one test notices, the others say nothing new.
  disableBail: false,
  concurrency: 2,
  // A busy machine is no endless loop: those are told by how often their lines are reached.
  timeoutMS: 90_000,
  timeoutFactor: 4,
  dryRunTimeoutMinutes: 30,
  incremental: true,
  incrementalFile: `${cache}.json`,
  tempDirName: `${cache}-sandbox`,
  ignorePatterns: ['runs', 'coverage', '**/dist', '.turbo', '.test-report.json'],
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: `${cache}-report.json` },
};
