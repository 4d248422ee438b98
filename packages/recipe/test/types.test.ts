import type { NegativeSampler } from '@rodpo/samplers';
import { expectTypeOf, test } from 'vitest';
import type {
  AlignOptions,
  DrawInStep,
  EvaluationRanker,
  PretrainLoss,
  rank,
  ValidationRanker,
  Weights,
  Workspace,
} from '../src/index.ts';

test('what selects weights has no test part', () => {
  expectTypeOf<Workspace['validation']>().returns.resolves.toEqualTypeOf<ValidationRanker>();
  expectTypeOf<ValidationRanker>().not.toHaveProperty('test');
  expectTypeOf<ValidationRanker['part']>().toEqualTypeOf<'validation'>();
  expectTypeOf<EvaluationRanker>().not.toExtend<ValidationRanker>();
  expectTypeOf<EvaluationRanker['test']>().not.toExtend<ValidationRanker>();
  expectTypeOf<Parameters<typeof rank>[2]>().toEqualTypeOf<'validation' | 'test'>();
});

test('negatives come from names, from the step or from a sampler, and nothing else', () => {
  type Source = NonNullable<AlignOptions['negatives']>;
  expectTypeOf<{ from: 'catalogue' }>().toExtend<Source>();
  expectTypeOf<{ from: 'pool'; size: number }>().toExtend<Source>();
  expectTypeOf<{ from: 'pool' }>().not.toExtend<Source>();
  expectTypeOf<{ from: 'sampler'; sampler: NegativeSampler }>().toExtend<Source>();
  expectTypeOf<DrawInStep>().toExtend<Source>();
  expectTypeOf<{ from: 'elsewhere' }>().not.toExtend<Source>();
});

test('an index gives candidates to pools, and to no softmax', () => {
  type Source = NonNullable<AlignOptions['negatives']>;
  type Among = { candidates: 8; distribution: { from: 'index'; every: { steps: 5 } } };
  expectTypeOf<{ from: 'pool'; size: 2; among: Among }>().toExtend<Source>();
  expectTypeOf<Among & { kind: 'sampled' }>().not.toExtend<PretrainLoss>();
  expectTypeOf<{ kind: 'sampled'; candidates: 8 }>().toExtend<PretrainLoss>();
});

test('losses of pretraining are named or functions of a batch', () => {
  expectTypeOf<{ kind: 'softmax' }>().toExtend<PretrainLoss>();
  expectTypeOf<{ kind: 'gbce'; negatives: number }>().toExtend<PretrainLoss>();
  expectTypeOf<{ kind: 'softmax'; negatives: string }>().not.toEqualTypeOf<PretrainLoss>();
  expectTypeOf<Weights>().toExtend<Readonly<Record<string, { data: ArrayBufferView }>>>();
});
