// Runs contenders in turns, in one process: they are single-threaded and touch the same scores.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Milliseconds of each contender, `[rounds]`, after two rounds that do not count. Every other round
 * goes backwards, so that nobody always runs after the same one.
 */
export function inTurns(contenders, rounds) {
  const names = Object.keys(contenders);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -2; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const start = performance.now();
      contenders[name]();
      if (round >= 0) times[name].push(performance.now() - start);
    }
  }
  return times;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/**
 * Bytes that one call leaves on the heap, garbage included: the least of a few windows, each too
 * short for a collection, since the compiler allocates too when it looks at a function again.
 */
export function bytesPerCall(call, { windows = 15, calls = 20 } = {}) {
  let least = Infinity;
  for (let window = 0; window < windows; window++) {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < calls; index++) call();
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / calls);
  }
  return least;
}
