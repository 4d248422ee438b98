import { expect, expectTypeOf, test } from 'vitest';
import {
  type DataStep,
  FlatSequences,
  type FromInteractionsResult,
  flatSequences,
  fromInteractions,
  type Interaction,
  leaveOneOut,
  type PublishedName,
  type RankingCase,
  type SequenceDataset,
  type Sequences,
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

  expectTypeOf(dataset).toExtend<SequenceDataset & { readonly liked: Uint8Array }>();
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

test('sequences are an array of arrays, or one array of all', () => {
  const plain = [Int32Array.of(1, 2, 3)];
  const flat = FlatSequences.ofLengths(Int32Array.of(1, 2, 3), [3]);

  expectTypeOf(plain).toExtend<Sequences>();
  expectTypeOf(flat).toExtend<Sequences>();
  expectTypeOf([new Float64Array(1)]).toExtend<SequenceDataset['times'] & {}>();
  expectTypeOf([new Float64Array(1)]).not.toExtend<Sequences>();
  expectTypeOf(flatSequences(plain)).toEqualTypeOf<FlatSequences>();
  expectTypeOf(leaveOneOut(flat).test.at(0)).toEqualTypeOf<RankingCase | undefined>();
  expect(leaveOneOut(flat)).toEqual(leaveOneOut(plain));
});
