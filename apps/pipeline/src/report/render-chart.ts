import type { TopLevelSpec } from 'vega-lite';

const config = {
  font: 'system-ui, sans-serif',
  background: 'white',
  axis: { labelFontSize: 11, titleFontSize: 11, titleFontWeight: 'normal', gridColor: '#e5e5e5' },
  legend: { labelFontSize: 11, titleFontSize: 11, symbolSize: 120 },
  header: { labelFontSize: 12, title: null },
  view: { stroke: '#cccccc' },
  // The page describes each chart in words; a description of every mark would drown them.
  aria: false,
} as const;

/**
 * Charts as SVG, drawn without a browser. Loaded when asked for: vega is large, and most commands
 * draw nothing.
 */
export async function renderer(): Promise<(spec: TopLevelSpec) => Promise<string>> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  // Numbers in identifiers go on from one chart to the next; each report starts anew.
  vega.resetSVGDefIds();
  return async (spec) => {
    const { spec: drawn } = compile({ ...spec, config } as TopLevelSpec, {
      logger: vega.logger(vega.Error),
    });
    const view = new vega.View(vega.parse(drawn), { renderer: 'none', logLevel: vega.Error });
    const svg = await view.toSVG();
    view.finalize();
    return svg;
  };
}
