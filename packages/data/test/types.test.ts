import { expect, expectTypeOf, test } from 'vitest';
import {
  type DataStep,
  type FromInteractionsResult,
  fromInteractions,
  type Interaction,
  type PublishedName,
  timesInSeconds,
} from '../src/index.ts';

// What is tested is the types, by the type-check; that it also runs shows that they tell the truth.

const rows: Interaction[] = [{ user: 'ann', item: 7, time: 1588687728923 }];

async function* stream() {
  yield* rows;
}

test('rows and columns are read at once, a stream when it has come', async () => {
  const atOnce = fromInteractions(rows);
  const columns = fromInteractions({ users: ['ann'], items: [7n] });
  const later = fromInteractions(stream());

  expectTypeOf(atOnce).toEqualTypeOf<FromInteractionsResult>();
  expectTypeOf(columns).toEqualTypeOf<FromInteractionsResult>();
  expectTypeOf(later).toEqualTypeOf<Promise<FromInteractionsResult>>();
  expect((await later).dataset).toEqual(atOnce.dataset);
});

test('a dataset keeps what else it has when its times become seconds', () => {
  const own = { ...fromInteractions(rows).dataset, liked: Uint8Array.of(1) };
  const { dataset } = timesInSeconds(own, 'auto');

  expectTypeOf(dataset).toEqualTypeOf(own);
  expect(dataset.liked).toBe(own.liked);
});

test('a step that there is not, and a name that nobody knows, are errors of types', () => {
  const steps: DataStep[] = [
    { kind: 'core', users: 5 },
    { kind: 'duplicates', keep: 'last' },
  ];
  // @ts-expect-error: a core has thresholds, and nothing to keep
  const wrong: DataStep = { kind: 'core', keep: 'first' };

  expectTypeOf<'movielens-1m'>().toExtend<PublishedName>();
  expectTypeOf<'netflix'>().not.toExtend<PublishedName>();
  expect([...steps, wrong]).toHaveLength(3);
});
