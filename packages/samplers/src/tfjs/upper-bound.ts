import {
  add,
  gather,
  lessEqual,
  minimum,
  scalar,
  sub,
  type Tensor,
  type Tensor1D,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';

/**
 * How many elements of `sorted` `[length]` are at most each of `values`; both int32.
 *
 * A binary search by gathers: ⌈log2(length + 1)⌉ of them, all of `values`' shape, where
 * `tf.upperBound` compares every value with every element once it is compiled.
 */
export function upperBound(sorted: Tensor, values: Tensor): Tensor {
  const length = sorted.shape[0]!;
  const [one, last] = [scalar(1, 'int32'), scalar(length, 'int32')];
  let found: Tensor = zerosLike(values);
  for (let stride = 2 ** Math.floor(Math.log2(length)); stride >= 1; stride /= 2) {
    const further = minimum(add(found, scalar(stride, 'int32')), last);
    const element = gather(sorted as Tensor1D, sub(further, one) as Tensor1D);
    found = where(lessEqual(element, values), further, found);
  }
  return found;
}
