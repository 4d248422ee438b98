import { inBatch, popularity, uniform } from '@rodpo/samplers';
import { itemCounts } from '../batches/item-counts.ts';
import type { TrainingSet } from '../batches/training-set.ts';
import { type NegativeSource, popularityExponent } from '../steps/align-settings.ts';

const again = { replacement: true, tooFew: 'none' } as const;

/**
 * The same distribution, drawn between two steps: a step that sees a part of the catalogue cannot draw
 * from all of it. As in the step, a row with nothing to draw has none. Sources that do not, or are drawn there
 * already, stay as they are.
 */
export function sourceOutside(source: NegativeSource, set: TrainingSet): NegativeSource {
  if (typeof source === 'function') return source;
  switch (source.from) {
    case 'catalogue': {
      const sampler = uniform({ itemCount: set.itemCount, ...again });
      return { from: 'sampler', sampler };
    }
    case 'popularity': {
      const { exponent = popularityExponent } = source;
      const sampler = popularity({ counts: itemCounts(set), exponent, ...again });
      return { from: 'sampler', sampler };
    }
    case 'batch':
      return { from: 'sampler', sampler: inBatch(again) };
    case 'history':
    case 'pool':
    case 'sampler':
      return source;
  }
}
