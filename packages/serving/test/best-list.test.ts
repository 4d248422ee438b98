import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BestList } from '../src/scan/best-list.ts';

test('what is kept is what a full sort has first, whatever order items come in', () => {
  const scores = fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 60 });
  const cases = fc.record({ scores, count: fc.integer({ min: 1, max: 20 }), seed: fc.nat() });
  fc.assert(
    fc.property(cases, ({ scores: all, count, seed }) => {
      const items = all.map((score, item) => ({ item, score }));
      const mixed = [...items].sort((a, b) => mix(a.item, seed) - mix(b.item, seed));
      const list = new BestList(count);
      for (const { item, score } of mixed) list.add(item, score);

      const sorted = items.sort((a, b) => b.score - a.score || a.item - b.item);
      expect(list.sorted()).toEqual(sorted.slice(0, count));
      const worst = sorted.length < count ? Number.NEGATIVE_INFINITY : sorted[count - 1]!.score;
      expect(list.least).toBe(worst);
    }),
  );
});

const mix = (item: number, seed: number) => Math.imul(item + 1, 2654435761 ^ seed) >>> 0;
