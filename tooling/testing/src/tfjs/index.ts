// Tests of tensors import this: it sets tfjs up on the cpu backend, which is always there.
import './set-up.ts';

export { derivative } from './derivative.ts';
export { expectTensors } from './expect-tensors.ts';
export { loop } from './loop.ts';
