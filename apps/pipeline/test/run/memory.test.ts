import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { availableBytes, memoryNeeds, requireBytes, requireMemory } from '../../src/run/memory.ts';

test('what cannot fit is refused, with the figures and the largest part', () => {
  const data = { source: 'simulator', userCount: 1e9, itemCount: 100 };
  const config = parseConfig({ data }, 'the test');

  // Two bytes for each of 10¹¹ pairs, and 100 for each user and item.
  expect(() => requireMemory(config)).toThrow(/at least 300 GB.*simulated users.*data\.userCount/);
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

test('a process may use something, and no more than the machine has', () => {
  expect(availableBytes()).toBeGreaterThan(100e6);
});
