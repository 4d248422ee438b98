import { constants } from 'node:os';

type Signal = 'SIGINT' | 'SIGTERM';

/** That the process was asked to end: what was thrown because of it is no failure. */
export interface Interruption {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** What the process exits with by convention, 128 and the signal's number; undefined before one. */
  exitCode(): number | undefined;
}

/** Milliseconds after which the process ends, whatever it is at: every file is whole at any time. */
const patience = 30_000;

/**
 * Listens for SIGINT and SIGTERM, which the first process of a container does not get unless it
 * does. The first one aborts, so that a step can end and locks and queued work be given back; the
 * second one ends the process at once.
 */
export function listenForInterruption(say: (message: string) => void): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const onSignal = (name: Signal) => {
    if (exitCode !== undefined) process.exit(exitCode);
    const code = 128 + constants.signals[name];
    exitCode = code;
    say(`${name}: ending after this step; once more ends at once`);
    setTimeout(() => process.exit(code), patience).unref();
    controller.abort(new DOMException(`The process got ${name}.`, 'AbortError'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { signal: controller.signal, exitCode: () => exitCode };
}
