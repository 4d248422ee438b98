import cluster from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import { ActionableError, requirePositiveInteger } from '@rodpo/errors';
import type { Logger } from 'pino';
import { AggregatorRegistry } from 'prom-client';
import { type Calls, connectCalls, type Handlers } from './connect-calls.ts';

/** Processes that answer at one address. */
export interface Workers {
  /** Resolves once all of them answer. @throws {ActionableError} if one ends before it does */
  readonly ready: Promise<void>;
  /** One worker after the other opens the bundle anew. @throws {Error} of the first that keeps the old */
  reload(): Promise<void>;
  /** Resolves once all have answered what they were asked, and ended. */
  stop(): Promise<void>;
}

export interface StartWorkersOptions {
  readonly count: number;
  readonly logger: Logger;
}

/** Milliseconds until a worker that has ended is replaced: one that cannot live must not take a core. */
const restartMs = 1000;

/**
 * Starts this program again, with the same arguments, `count` times as workers of `node:cluster`; each
 * of them finds `cluster.isWorker` true, makes a service, and says so by `connectPrimary`. One that
 * ends is replaced. They share the port and nothing else.
 *
 * @throws {RangeError} (marked as actionable) if `count` is not a positive integer
 */
export function startWorkers({ count, logger }: StartWorkersOptions): Workers {
  requirePositiveInteger('count', count);
  const workers = new Set<Forked>();
  const stopping = new AbortController();
  let reloads: Promise<void> = Promise.resolve();
  const reloadAll = async () => {
    for (const { calls } of workers) await calls.call('reload');
  };
  const reload = () => {
    reloads = reloads.catch(() => {}).then(reloadAll);
    return reloads;
  };
  const start = async () => {
    const forked = fork({ reload, metrics: () => sumOf([...workers]) });
    workers.add(forked);
    const left = forked.ended.then((how) => {
      workers.delete(forked);
      logger[stopping.signal.aborted ? 'info' : 'error'](how, 'worker ended');
    });
    await forked.ready;
    void left.then(replace);
  };
  /** Again and again: the bundle may be mended meanwhile. */
  const replace = async () => {
    while (!stopping.signal.aborted) {
      try {
        await delay(restartMs, undefined, { signal: stopping.signal });
        return await start();
      } catch {
        // It was told when it ended.
      }
    }
  };
  const ready = Promise.all(Array.from({ length: count }, start)).then(() => {});
  ready.catch(() => {});
  return {
    ready,
    reload,
    stop: async () => {
      stopping.abort();
      await Promise.all([...workers].map((forked) => forked.stop()));
    },
  };
}

/** A worker, from its start to its end. */
interface Forked {
  readonly calls: Calls;
  /** Resolves once it answers. @throws {ActionableError} if it ends before */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<object>;
  /** Asks it to end, and resolves when it has. */
  stop(): Promise<void>;
}

function fork(handlers: Handlers): Forked {
  const worker = cluster.fork();
  const ended = new Promise<object>((resolve) => {
    worker.on('exit', (code, signal) => resolve({ worker: worker.id, code, signal }));
  });
  let isReady = false;
  let resolveReady = () => {};
  const answers = new Promise<void>((resolve) => {
    resolveReady = resolve;
  });
  const channel = {
    // A worker may end while it is written to, most of all when a terminal signals all at once: `ended`
    // tells, and an error that nobody hears would end this process too.
    send: (message: unknown) => {
      if (worker.isConnected()) worker.send(message as object, () => {});
    },
    onMessage: (listener: (message: unknown) => void) => void worker.on('message', listener),
  };
  const ready = () => {
    isReady = true;
    resolveReady();
  };
  const calls = connectCalls(channel, { ...handlers, ready });
  void ended.then(() => calls.lost());
  return {
    calls,
    ready: Promise.race([
      answers,
      ended.then(() => {
        if (!isReady) throw new ActionableError(notReady);
      }),
    ]),
    ended,
    stop: async () => {
      if (isReady) calls.call('stop').catch(() => {});
      // One that is still starting may not listen yet to what it is told.
      else worker.process.kill('SIGTERM');
      await ended;
    },
  };
}

const notReady = 'A worker ended before it could answer. What it printed says why.';

/** The figures of all workers as one: counters, gauges and buckets are summed. */
async function sumOf(workers: readonly Forked[]): Promise<string> {
  const asked = await Promise.allSettled(workers.map(({ calls }) => calls.call('metrics')));
  const figures = asked.flatMap((one) =>
    one.status === 'fulfilled' && one.value ? [one.value as object] : [],
  );
  return await AggregatorRegistry.aggregate(figures).metrics();
}
