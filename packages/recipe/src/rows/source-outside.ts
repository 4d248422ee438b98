import { inBatch, popularity, uniform } from '@rodpo/samplers';
import { itemCounts } from '../batches/item-counts.ts';
import type { TrainingSet } from '../batches/training-set.ts';
import { type NegativeSource, popularityExponent } from '../steps/align-settings.ts';

/**
 * The same distribution, drawn between two steps: a step that sees a part of the catalogue cannot draw
 * from all of it. Sources that do not, or are drawn there already, stay as they are.
 */
export function sourceOutside(source: NegativeSource, set: TrainingSet): NegativeSource {
  if (typeof source === 'function') return source;
  switch (source.from) {
    case 'catalogue': {
      const sampler = uniform({ itemCount: set.itemCount, replacement: true });
      return { from: 'sampler', sampler };
    }
    case 'popularity': {
      const { exponent = popularityExponent } = source;
      const sampler = popularity({ counts: itemCounts(set), exponent, replacement: true });
      return { from: 'sampler', sampler };
    }
    case 'batch':
      return { from: 'sampler', sampler: inBatch({ replacement: true }) };
    case 'history':
    case 'pool':
    case 'sampler':
      return source;
  }
}
