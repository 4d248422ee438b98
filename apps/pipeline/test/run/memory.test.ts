import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { availableBytes, memoryNeeds, requireBytes, requireMemory } from '../../src/run/memory.ts';

test('what cannot fit is refused, with the figures and the largest part', () => {
  const data = { source: 'simulator', userCount: 1e8, itemCount: 100 };
  const config = parseConfig({ data }, 'the test');

  // 1000 bytes for each user.
  expect(() => requireMemory(config)).toThrow(/at least 100 GB.*simulated users.*data\.userCount/);
});

test('the defaults take little, and are counted as they are', () => {
  const config = parseConfig({}, 'the test');
  const needs = memoryNeeds(config, { userCount: 2000, itemCount: 1000 });
  const total = needs.reduce((sum, { bytes }) => sum + bytes, 0);

  expect(total).toBeLessThan(100e6);
  // 512 tokens of a block against 1000 items of 4 bytes.
  expect(needs.find(({ of }) => of.startsWith('scores'))!.bytes).toBe(512 * 1000 * 4);
  expect(() => requireBytes(needs, total)).not.toThrow();
  expect(() => requireBytes(needs, total - 1)).toThrow(/of memory/);
});

test('a simulation takes memory for users and items, not for all pairs of them', () => {
  const settings = { data: { source: 'simulator', images: false }, encoder: { dimension: 8 } };
  const config = parseConfig(settings, 'the test');
  const needs = memoryNeeds(config, { userCount: 200_000, itemCount: 1_000_000 });

  expect(needs.find(({ of }) => of.startsWith('simulated'))!.bytes).toBeLessThan(1e9);
});

test.each([
  ['auto', 49_999, 49_999],
  ['auto', 60_000, 4096],
  ['host', 10_000, 4096],
  ['program', 60_000, 60_000],
])('item rows %s of %d items: a step scores %d', (itemRows, itemCount, scored) => {
  const config = parseConfig({ itemRows }, 'the test');
  const needs = memoryNeeds(config, { userCount: 10, itemCount });

  expect(needs.find(({ of }) => of.startsWith('scores'))!.of).toBe(`scores of ${scored} items`);
});

test('a process may use something, and no more than the machine has', () => {
  expect(availableBytes()).toBeGreaterThan(100e6);
});
