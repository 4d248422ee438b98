import { expect, test } from 'vitest';
import type { ComparisonFolder } from '../../src/compare/comparison-folder.ts';
import { comparisonSettings } from '../../src/compare/settings.ts';
import { tunedStrategy } from '../../src/compare/trials.ts';
import { strategiesOf } from '../../src/compare/units.ts';

test.each([
  ['a control, and no learning rate to try', { loss: 'none' }, { beta: [1], poolSize: [2] }],
  [
    'the hardest item alone, and pool sizes',
    { negatives: { from: 'pool', size: 1 } },
    { poolSize: [5] },
  ],
  ['anything, and no setting at all', { negatives: { from: 'pool', size: 9 } }, {}],
])(
  'a strategy with nothing to try keeps its own settings, in a sweep too: %s',
  async (_, own, space) => {
    const strategies = [{ name: 'own', beta: 0.3, ...own }];
    const sweep = { strategy: 'own', poolSizes: [7] };
    const settings = comparisonSettings.parse({ strategies, sweep, tuning: { space } });
    const comparison = { settings } as ComparisonFolder;

    const known = strategiesOf(settings, 'dense');
    expect(known.map(({ strategy }) => strategy.name)).toEqual(['own', 'own-k7']);
    for (const strategy of known) {
      expect(await tunedStrategy(comparison, 'dense', strategy)).toEqual(strategy.strategy);
    }
  },
);
