import type { EpochEntry } from '@rodpo/recipe';
import type { Chart } from '../../../report/chart.ts';
import type { Cell, Comparison } from '../../comparison.ts';
import { allModels, baselineOf } from '../cells-of.ts';
import { modelEncoding } from './model-encoding.ts';

/** Logged figures to show by epoch; those that were not logged are left out. */
const figures = [
  {
    figure: 'rewards/margins',
    title: 'Reward margin of alignment',
    aid: 'How much more the policy prefers the chosen item to the drawn negative than the reference does. The policy trains with dropout and the reference has none, so a margin starts below 0.',
  },
  {
    figure: 'rewards/accuracies',
    title: 'Reward accuracy of alignment',
    aid: 'Share of pairs with a margin above 0.',
  },
  {
    figure: 'logps/chosen',
    title: 'Drift of the log-likelihood of the chosen item',
    aid: 'Where it falls, alignment pushes down what users did choose.',
  },
  {
    figure: 'falseNegativeRate',
    title: 'False negatives drawn',
    aid: 'Share of drawn negatives that the user would have liked (known to the simulator alone).',
  },
] as const;

/** Validation by epoch: of pretraining, and of alignment from the pretrained level on. */
export function learningCurves(comparison: Comparison): readonly Chart[] {
  const figure = 'validation ndcg@10';
  const pretrained = curveChart(comparison, figure, ({ model }) => model === 'pretrained');
  const start = ({ encoder }: Cell) => baselineOf(comparison, encoder).validation['ndcg@10']?.mean;
  const aligned = curveChart(comparison, figure, ({ model }) => model !== 'pretrained', start);
  return [
    ...chart(
      'Learning curves of pretraining',
      'Validation NDCG@10, mean over seeds, up to the epoch that every seed reached.',
      pretrained,
    ),
    ...chart(
      'Learning curves of alignment',
      'Validation NDCG@10, mean over seeds, up to the epoch that every seed reached; epoch 0 is the pretrained encoder.',
      aligned,
    ),
  ];
}

/** Margins, accuracies, likelihoods and false negatives by epoch. */
export function alignmentCurves(comparison: Comparison): readonly Chart[] {
  return figures.flatMap(({ figure, title, aid }) =>
    chart(
      title,
      aid,
      curveChart(comparison, figure, ({ model }) => model !== 'pretrained'),
    ),
  );
}

const chart = (title: string, aid: string, spec: Chart['spec'] | undefined): Chart[] =>
  spec === undefined ? [] : [{ title, aid, spec }];

function curveChart(
  comparison: Comparison,
  figure: string,
  isShown: (cell: Cell) => boolean,
  start: (cell: Cell) => number | undefined = () => undefined,
): Chart['spec'] | undefined {
  const cells = allModels(comparison).filter(isShown);
  const values = cells.flatMap((cell) => {
    const { encoder, model, runs } = cell;
    const means = meanByEpoch(
      runs.map(({ epochs }) => epochs),
      figure,
    );
    if (means.length === 0) return [];
    const first = start(cell);
    const all = first === undefined ? means : [{ epoch: 0, value: first }, ...means];
    return all.map((point) => ({ encoder, model, ...point }));
  });
  if (values.length === 0) return undefined;
  return {
    data: { values },
    width: 330,
    height: 240,
    mark: { type: 'line', point: values.length < 400 },
    encoding: {
      facet: { field: 'encoder', type: 'nominal', sort: null, columns: 2 },
      x: { field: 'epoch', type: 'quantitative', axis: { tickMinStep: 1, format: 'd' } },
      y: { field: 'value', type: 'quantitative', title: figure, scale: { zero: false } },
      ...modelEncoding(comparison, values),
    },
  };
}

/** Over the epochs that every run has, so that no step comes from a run that stopped. */
export function meanByEpoch(runs: readonly (readonly EpochEntry[])[], figure: string) {
  const shortest = Math.min(...runs.map(({ length }) => length));
  const points: { epoch: number; value: number }[] = [];
  for (let index = 0; index < shortest; index++) {
    const values = runs.map((epochs) => epochs[index]![figure]);
    if (values.some((value) => typeof value !== 'number')) continue;
    const total = (values as number[]).reduce((sum, value) => sum + value, 0);
    points.push({ epoch: index + 1, value: total / runs.length });
  }
  return points;
}
