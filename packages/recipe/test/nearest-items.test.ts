import { Worker } from 'node:worker_threads';
import { isActionable } from '@rodpo/errors';
import { afterEach, expect, test, vi } from 'vitest';
import { nearestItems } from '../src/workspace/nearest-items.ts';

afterEach(() => {
  vi.doUnmock('usearch');
  vi.restoreAllMocks();
});

const vectors = Float32Array.of(1, 0, 0, 1, 3, 0);
const options = { width: 2, expansion: 4 };

test('the thread ends with the index', async () => {
  const ending = vi.spyOn(Worker.prototype, 'terminate');
  const index = await nearestItems(vectors, options);
  const { items } = await index.search(Float32Array.of(1, 0), 2);
  expect([...items]).toEqual([2, 0]);
  expect(ending).not.toHaveBeenCalled();

  await index.dispose();
  expect(ending).toHaveBeenCalledOnce();
  await expect(ending.mock.results[0]!.value).resolves.toBeTypeOf('number');
});

test('a search library that does not work is told of before a thread is made', async () => {
  vi.doMock('usearch', () => {
    throw new Error('broken');
  });
  let problem: unknown;
  await nearestItems(vectors, options).catch((error: unknown) => {
    problem = error;
  });
  expect(String(problem)).toMatch(/Could not load usearch/);
  expect(isActionable(problem)).toBe(true);
});
