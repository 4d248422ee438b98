const recipe = (names) => names.map((name) => `packages/recipe/test/${name}.test.ts`);
const pipeline = (names) => names.map((name) => `apps/pipeline/test/${name}.test.ts`);

const oracles = ['oracle/pretrain-stage', 'oracle/align-log', 'oracle/align-stage'];

/**
 * The parts of the code that meet mutants, and the files of tests that can notice them, the quickest
 * first: most mutants are found before the slow ones. Left out are whole runs, which take minutes over
 * thousands of mutants, and processes of their own, which have no mutants in them: a score is a lower
 * bound.
 */
export const parts = {
  steps: {
    mutate: 'packages/recipe/src/{batches,steps}/*.ts',
    tests: [
      ...recipe([
        'training-set',
        'step-settings',
        'count-negatives',
        'draw-negatives',
        'samplers',
        'optimiser',
        'workspace',
        'own-functions',
        'item-table',
        'candidates',
        'sampled-validation',
        'catalogue-scores',
        'replayed-draws',
        'history-negatives',
        'margin',
      ]),
      ...pipeline(['oracle/reference', 'oracle/rank', ...oracles]),
      ...recipe(['time-inputs', 'recommend', 'export-encoder', 'few-negatives', 'host-rows']),
      ...pipeline(['rank']),
    ],
  },
  training: {
    mutate: 'packages/recipe/src/{workspace,training,ranking,rows}/*.ts',
    tests: [
      ...recipe([
        'checkpoints',
        'local-items',
        'require-host',
        'source-outside',
        'step-rows',
        'check-scorable',
        'best-items',
        'engine',
        'nearest-items',
        'open-workspace',
        'case-range',
        'candidate-parts',
        'by-size',
        'draw-candidates',
        'check-pool',
        'draw-between-steps',
        'count-negatives',
        'interruptible',
        'workspace',
        'train',
        'resume',
        'identity',
        'adopted',
        'optimiser',
        'item-table',
        'candidates',
        'pool-index',
        'sampled-validation',
        'catalogue-scores',
      ]),
      ...pipeline(['oracle/reference', 'oracle/rank', ...oracles]),
      ...recipe([
        'samplers',
        'recommend',
        'export-encoder',
        'own-functions',
        'time-inputs',
        'host-rows',
      ]),
      ...pipeline(['rank', 'released', 'pretrain-loss', 'selection']),
    ],
  },
  stages: {
    mutate: 'apps/pipeline/src/{stages,data,check}/*.ts',
    tests: pipeline([
      'check/figures',
      'check/judge-dataset',
      'check/terminal-report',
      'check/check-command',
      'dataset',
      'split',
      'reading-progress',
      'stage-workspace',
      'stage-results',
      'evaluate',
      'evaluate-together',
      'oracle/align-log',
      'oracle/pretrain-stage',
      'prepare',
      'table',
      'own-vectors',
      'released',
      'images',
      'features',
      'short-run',
    ]),
  },
  compare: {
    mutate: 'apps/pipeline/src/compare/*.ts',
    tests: pipeline([
      'compare/deep-merge',
      'compare/negative-rates',
      'compare/paired-tests',
      'compare/best-epoch',
      'compare/growth',
      'compare/others-at-work',
      'compare/units',
      'compare/unit-results',
      'compare/comparison-folder',
      'compare/tuning',
      'compare/compare-config',
      'compare/two-encoders',
      'compare/compare',
      'compare/queue',
      'compare/queue-waiting',
    ]),
  },
  report: {
    mutate: 'apps/pipeline/src/{report,compare/report}/**/*.ts',
    tests: pipeline([
      'compare/markdown-text',
      'compare/charts',
      'compare/charts-of-negatives',
      'compare/tables',
      'compare/report',
    ]),
  },
};

/**
 * The part that a run of StrykerJS is about: its configuration takes no arguments. Whoever only reads the
 * configuration, as the search for unused code does, names none and gets the first.
 */
export function chosenPart() {
  const name = process.env.RODPO_MUTANTS_OF ?? Object.keys(parts)[0];
  if (!Object.hasOwn(parts, name)) {
    throw new Error(
      `RODPO_MUTANTS_OF must be one of ${Object.keys(parts).join(', ')}, got ${name}`,
    );
  }
  return { name, ...parts[name] };
}
