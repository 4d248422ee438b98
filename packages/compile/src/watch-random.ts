import { RandomInsideTraceError } from './trace-error.ts';

/** Watches `Math.random` from now until `stop`. Synchronous code only. */
export function watchRandom(): { check(): void; stop(): void } {
  const { random } = Math;
  let first: RandomInsideTraceError | undefined;
  Math.random = () => {
    first ??= new RandomInsideTraceError();
    return random();
  };
  return {
    check: () => {
      if (first) throw first;
    },
    stop: () => {
      Math.random = random;
    },
  };
}
