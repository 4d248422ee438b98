import { expect, test } from 'vitest';
import { parseConfig } from '../src/config/config.ts';
import { readSource } from '../src/data/read-source.ts';
import { simulate } from '../src/data/simulate.ts';
import type { Reporter } from '../src/run/reporter.ts';
import { silent } from './tiny-run.ts';

test('a long simulation lets others have a turn, and ends when it is asked to', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1);
  const { signal } = controller;

  const simulating = simulate({ userCount: 4000, itemCount: 500 }, 1, { signal });

  await expect(simulating).rejects.toMatchObject({ name: 'AbortError' });
});

test('what a config says of a storefront is what is simulated', async () => {
  const { data, seed } = parseConfig(
    { data: { source: 'simulator', userCount: 60, maxClicks: 5, medianClicks: 5 } },
    'x',
  );

  const { dataset } = await readSource({ data, seed });

  expect(new Set(Array.from(dataset.sequences, ({ length }) => length))).toEqual(new Set([5]));
});

test('a large one shows how far it is', async () => {
  const said: string[] = [];
  const advanced: number[] = [];
  const progress: Reporter['progress'] = (title, total, unit) => {
    said.push(`${title}: ${total} ${unit}`);
    return { advance: (units) => advanced.push(units), done: (message) => said.push(message) };
  };
  const reporter = { ...silent, progress };

  const watched = { reporter, fewestWatched: 800 };
  await simulate({ userCount: 799, itemCount: 300 }, 1, watched);
  expect(said).toEqual([]);
  const { dataset } = await simulate({ userCount: 800, itemCount: 300 }, 1, watched);

  expect(dataset.userIds).toHaveLength(800);
  expect(said).toEqual(['storefront: 800 users', 'simulated 800 users in front of 300 items']);
  expect(advanced.length).toBeGreaterThan(0);
  expect(Math.min(...advanced)).toBeGreaterThan(0);
  expect(advanced.reduce((sum, units) => sum + units, 0)).toBeLessThanOrEqual(800);
}, 60_000);
