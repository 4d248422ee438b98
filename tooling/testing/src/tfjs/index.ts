// Tests of tensors import this: it sets tfjs up.

export { derivative } from './derivative.ts';
export { expectTensors } from './expect-tensors.ts';
export { type LastItemModelsOptions, lastItemModels } from './last-item-models.ts';
export { loop } from './loop.ts';
export { testBackend } from './set-up.ts';
