import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, vi } from 'vitest';

/** A test or a hook; one that takes `done` is finished when it calls it. */
type Body = (done?: () => void) => unknown;

/** Makes a test of an `it`. */
export type Define = (suites: readonly string[], name: string, body: () => Promise<void>) => void;

/** Names of the suites around the tests that are being collected. */
let suites: readonly string[] = [];

/** A suite whose tests know the names of the suites they are in. */
export function suite(name: string, body: () => unknown): void {
  const path = [...suites, name];
  describe(name, async () => {
    suites = path;
    await body();
  });
}

/** Defines the global names that tfjs's tests, which are written for jasmine, take for granted. */
export function installJasmine(define: Define): void {
  expect.extend({ nothing: () => ({ pass: true, message: () => '' }) });
  Object.assign(globalThis, {
    describe: suite,
    it: (name: string, body: Body) => define(suites, name, () => finished(body)),
    beforeAll: hook(beforeAll),
    beforeEach: hook(beforeEach),
    afterAll: hook(afterAll),
    afterEach: hook(afterEach),
    expect,
    expectAsync: (promise: Promise<unknown>) => ({
      toBeRejectedWithError: (message?: string | RegExp) =>
        expect(promise).rejects.toThrow(message),
    }),
    spyOn: (target: Console, method: 'warn') =>
      vi.spyOn(target, method).mockImplementation(() => {}),
    jasmine: {}, // for its timeouts, which vitest sets for all tests alike
  });
}

/** vitest would take the parameter of a hook for a fixture. */
function hook(define: (body: () => unknown) => void): (body: Body) => void {
  return (body) => define(() => finished(body));
}

async function finished(body: Body): Promise<void> {
  if (body.length === 0) await body();
  else await new Promise<void>((done) => void body(done));
}
