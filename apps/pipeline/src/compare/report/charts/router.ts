import type { Chart } from '../../../report/chart.ts';
import type { Comparison } from '../../comparison.ts';
import { baselineOf } from '../cells-of.ts';
import { meanByEpoch } from './curves.ts';

const load = /(.+)\.load\.(\d+)$/;
const health = /(.+)\.(loadEntropy|tokenEntropy|droppedShare)$/;

/** How routers of sparse experts spread tokens while the encoder was pretrained. */
export function routerCharts(comparison: Comparison): readonly Chart[] {
  return comparison.encoders.flatMap(({ name }) => [
    ...loadChart(comparison, name),
    ...healthChart(comparison, name),
  ]);
}

function loadChart(comparison: Comparison, encoder: string): readonly Chart[] {
  const values = routed(comparison, encoder, load).map(({ match, ...point }) => ({
    ...point,
    router: match[1]!,
    expert: Number(match[2]) + 1,
  }));
  if (values.length === 0) return [];
  return [
    {
      title: `Load of the experts (encoder ${encoder}, pretraining)`,
      aid: 'Share of routed tokens that each expert takes; one colour throughout is an even load.',
      spec: {
        data: { values },
        width: 330,
        height: 160,
        mark: 'rect',
        encoding: {
          facet: { field: 'router', type: 'nominal', columns: 2 },
          x: { field: 'epoch', type: 'ordinal', axis: { labelOverlap: true, labelAngle: 0 } },
          y: { field: 'expert', type: 'ordinal' },
          color: {
            field: 'value',
            type: 'quantitative',
            title: 'share',
            scale: { scheme: 'viridis', domainMin: 0 },
          },
        },
      },
    },
  ];
}

function healthChart(comparison: Comparison, encoder: string): readonly Chart[] {
  const values = routed(comparison, encoder, health).map(({ match, ...point }) => ({
    ...point,
    router: match[1]!,
    figure: match[2]!,
  }));
  if (values.length === 0) return [];
  return [
    {
      title: `Health of the routers (encoder ${encoder}, pretraining)`,
      aid: 'loadEntropy is 1 where experts are used alike, tokenEntropy falls as routers decide, droppedShare counts tokens beyond capacity.',
      spec: {
        data: { values },
        width: 330,
        height: 160,
        mark: 'line',
        encoding: {
          facet: { field: 'router', type: 'nominal', columns: 2 },
          x: { field: 'epoch', type: 'quantitative', axis: { tickMinStep: 1, format: 'd' } },
          y: { field: 'value', type: 'quantitative', title: null },
          color: {
            field: 'figure',
            type: 'nominal',
            title: null,
            scale: { range: ['#0072B2', '#D55E00', '#009E73'] },
          },
        },
      },
    },
  ];
}

/** By epoch, means over seeds of the logged figures whose names match. */
function routed(comparison: Comparison, encoder: string, pattern: RegExp) {
  const runs = baselineOf(comparison, encoder).runs.map(({ epochs }) => epochs);
  const matches = Object.keys(runs[0]?.[0] ?? {}).map((figure) => figure.match(pattern));
  return matches.flatMap((match) =>
    match === null ? [] : meanByEpoch(runs, match[0]).map((point) => ({ match, ...point })),
  );
}
