// Other work on the same cores.
import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Until the scheduler has seen that they compute, or no longer do. */
const settleMilliseconds = 200;

/** Starts `count` processes, idle at first. */
export function busyProcesses(count) {
  const file = new URL('busy-process.mjs', import.meta.url);
  const children = Array.from({ length: count }, () => fork(file));
  return {
    async set(isBusy) {
      for (const child of children) child.send(isBusy);
      await sleep(settleMilliseconds);
    },
    end() {
      for (const child of children) child.disconnect();
    },
  };
}
