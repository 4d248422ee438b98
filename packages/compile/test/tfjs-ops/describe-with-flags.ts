import { engine, env } from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { backendName, type DeferredBackend } from './deferred-backend.ts';
import { suite } from './jasmine.ts';

/*
 * What tfjs's tests import from its `jasmine_util`, which needs jasmine itself. Constraints say
 * whether tests run here, in Node and on a backend that can be read synchronously.
 */

export const ALL_ENVS = true;
export const NODE_ENVS = true;
export const SYNC_BACKEND_ENVS = true;
export const BROWSER_ENVS = false;

const environment = { name: backendName, backendName, isDataSync: true };

/** Tests on the deferred backend, each with a graph of its own. */
export function describeWithFlags(
  name: string,
  isHere: boolean,
  tests: (where: typeof environment) => void,
): void {
  suite(isHere ? name : `${name} (not in Node)`, () => {
    beforeAll(async () => {
      engine().reset();
      env().set('IS_TEST', true); // tfjs then looks for leaks, and does not warn
      await engine().setBackend(backendName);
    });
    beforeEach(() => {
      (engine().backend as DeferredBackend).restart();
      engine().startScope();
    });
    afterEach(() => {
      engine().endScope();
      engine().disposeVariables();
    });
    afterAll(() => engine().reset());
    tests(environment);
  });
}
