import { expect, test, vi } from 'vitest';
import { evaluateRecommendtf } from '../examples/recommendtf.ts';

test("somebody else's recommender, once trained, finds what users like far above chance", async () => {
  const said = (['log', 'warn', 'error'] as const).map((level) => vi.spyOn(console, level));
  const { figures, chance } = await evaluateRecommendtf();

  expect(chance).toBeGreaterThan(0.4);
  expect(chance).toBeLessThan(0.6);
  expect(figures['precision@3']).toBeGreaterThan(chance + 0.25);
  expect(figures['ndcg@3']).toBeGreaterThan(chance + 0.25);
  expect(figures['hit@3']).toBeGreaterThanOrEqual(figures['precision@3']!);
  for (const spy of said) expect(spy).not.toHaveBeenCalled(); // and nobody greets
  expect(await evaluateRecommendtf()).toEqual({ figures, chance }); // the figures repeat
});
