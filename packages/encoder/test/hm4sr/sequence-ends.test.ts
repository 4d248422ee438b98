import '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { sequenceEnds } from '../../src/hm4sr/sequence-ends.ts';

const endsOf = (segments: number[], rowLength: number) => {
  const { tokens, weights } = sequenceEnds(tf.tensor1d(segments, 'int32'), rowLength);
  const found = [...tokens.dataSync()].filter((_, place) => weights.dataSync()[place] === 1);
  return { found, most: tokens.size, dtype: tokens.dtype };
};

test('where a sequence, padding or a new row follows, in order', () => {
  const segments = [
    [1, 1, 1, 2, 2, 0, 0, 0],
    [1, 1, 1, 1, 1, 1, 1, 1],
    [1, 1, 2, 2, 2, 2, 2, 2],
    [0, 0, 0, 0, 0, 0, 0, 0],
  ];

  const { found, most, dtype } = endsOf(segments.flat(), 8);

  expect(found).toEqual([2, 4, 15, 17, 23]);
  expect({ most, dtype }).toEqual({ most: 8, dtype: 'int32' });
});

test('the first of them where sequences are more than a quarter of the tokens', () => {
  expect(endsOf([1, 2, 3, 3, 4, 5, 6, 0], 8)).toMatchObject({ found: [0, 1], most: 2 });
});

test('none in a batch of padding', () => {
  expect(endsOf([0, 0, 0, 0, 0], 5)).toMatchObject({ found: [], most: 2 });
});
