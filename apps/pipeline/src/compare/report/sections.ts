import type { Chart } from '../../report/chart.ts';
import type { Table } from '../../report/table.ts';
import type { Comparison } from '../comparison.ts';
import { alignmentCurves, learningCurves } from './charts/curves.ts';
import { falseNegativeCharts } from './charts/false-negatives.ts';
import { gainChart, resultChart } from './charts/results.ts';
import { routerCharts } from './charts/router.ts';
import { sweepCharts } from './charts/sweep.ts';
import {
  contributionsTable,
  costTable,
  encoderTable,
  gainTable,
  resultTable,
  ruleTable,
  seedTable,
  settingsTable,
  significance,
  sweepTable,
  trialTable,
} from './tables.ts';
import { ways } from './ways.ts';

const aboutResults =
  'Users are ranked over the whole catalogue, with what they chose before in the ranking, as in most ' +
  'papers, and once more with it left out, as in a shop. A standard error tells how much a mean would ' +
  'change with other seeds. A test against the pretrained encoder asks another question: ' +
  'whether the gain holds over users, given these seeds. It is a paired t-test over users of ' +
  'their figures averaged over seeds, and its p-values are adjusted by Holm over all ' +
  `strategies, pool sizes and encoders of a metric; ▲ and ▼ mark those below ${significance}. Where a strategy ` +
  'trains as long without a preference loss, the others are tested against it likewise: what they gain over it, they ' +
  'gain by their negatives.';

const aboutContributions =
  'With the history in the ranking, a target also rises when items that its user chose before fall behind it: a model ' +
  'that learns to push those down gains, and a shop, which leaves them out, has nothing of it. So every gain is split ' +
  'in two that sum to it: by the items of the history that stand before the target, and by all others. Where both ' +
  'change, each has the mean of what its change gains as the first and as the second of the two (the Shapley value).';

const aboutRules =
  'What a model is worth is what it adds to rules that count the training part and learn nothing: the items chosen ' +
  'most often, and what came most often directly after the last item (a Markov chain of first order).';

/** A part of the report: words, then tables, then charts. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly tables: readonly Table[];
  readonly charts: readonly Chart[];
}

/** What the report says, in its order; parts that have nothing to say are left out. */
export function sectionsOf(comparison: Comparison): readonly Section[] {
  const sections = [...figures(comparison), ...byEpoch(comparison), ...howMade(comparison)];
  return sections.filter(({ tables, charts }) => tables.length + charts.length > 0);
}

function present<Value>(value: Value | undefined): Value[] {
  return value === undefined ? [] : [value];
}

/** What came out. */
function figures(comparison: Comparison): Section[] {
  const names = comparison.encoders.map(({ name }) => name);
  return [
    {
      title: 'Results',
      text: aboutResults,
      tables: names.flatMap((name) =>
        ways.flatMap((way) => [
          resultTable(comparison, name, way),
          ...present(gainTable(comparison, name, way)),
          ...present(gainTable(comparison, name, way, 'control')),
        ]),
      ),
      charts: [resultChart(comparison), ...present(gainChart(comparison))],
    },
    {
      title: 'Where gains come from',
      text: aboutContributions,
      tables: names.flatMap((name) => present(contributionsTable(comparison, name))),
      charts: [],
    },
    {
      title: 'Rules',
      text: aboutRules,
      tables: ways.map((way) => ruleTable(comparison, way)),
      charts: [],
    },
    {
      title: 'Encoders',
      text: 'Operations are those of inference, two for each multiplication and addition.',
      tables: [
        ...ways.map((way) => encoderTable(comparison, way)),
        ...names.map((name) => costTable(comparison, name)),
      ],
      charts: [],
    },
  ];
}

/** How training went. */
function byEpoch(comparison: Comparison): Section[] {
  return [
    { title: 'Learning curves', text: '', tables: [], charts: learningCurves(comparison) },
    { title: 'Alignment by epoch', text: '', tables: [], charts: alignmentCurves(comparison) },
    { title: 'False negatives', text: '', tables: [], charts: falseNegativeCharts(comparison) },
  ];
}

/** What was varied and tried, and everything by its settings and seeds. */
function howMade(comparison: Comparison): Section[] {
  return [
    {
      title: 'Pool size',
      text: '',
      tables: ways.flatMap((way) => present(sweepTable(comparison, way))),
      charts: sweepCharts(comparison),
    },
    { title: 'Routers', text: '', tables: [], charts: routerCharts(comparison) },
    {
      title: 'Tuning',
      text: 'Every strategy had the same number of trials, or all its combinations if there are fewer.',
      tables: present(trialTable(comparison)),
      charts: [],
    },
    {
      title: 'Details',
      text: '',
      tables: [settingsTable(comparison), ...ways.map((way) => seedTable(comparison, way))],
      charts: [],
    },
  ];
}

/** What was compared, in one sentence. */
export function summaryOf({ dataset, seeds, encoders, cells }: Comparison): string {
  const count = (number: number, name: string) =>
    `${number.toLocaleString('en-US')} ${name}${number === 1 ? '' : 's'}`;
  const strategies = new Set(
    cells.map(({ model }) => model).filter((model) => model !== 'pretrained'),
  );
  return (
    `${count(strategies.size, 'way')} to align, ${count(encoders.length, 'encoder')}, ` +
    `${count(seeds.length, 'seed')} (${seeds.join(', ')}), on ${count(dataset.users, 'user')}, ` +
    `${count(dataset.items, 'item')} and ${count(dataset.interactions, 'interaction')}.`
  );
}
