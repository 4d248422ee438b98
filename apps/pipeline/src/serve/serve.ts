import cluster from 'node:cluster';
import { once } from 'node:events';
import {
  connectPrimary,
  createService,
  type ListenOptions,
  type ServiceOptions,
  startWorkers,
} from '@rodpo/service';
import { type Logger, pino } from 'pino';

export interface ServeOptions extends Omit<ServiceOptions, 'logger' | 'siblings'>, ListenOptions {
  /** The bundle, or a link to it. */
  readonly bundle: string;
  /** Processes that answer. */
  readonly workers: number;
  readonly logLevel: string;
}

/**
 * Answers from a bundle until `signal` is aborted, then ends with what has come. SIGHUP puts what the
 * folder holds by then in service.
 */
export async function serve(options: ServeOptions, signal: AbortSignal): Promise<void> {
  const logger = pino({ level: options.logLevel });
  try {
    if (options.workers > 1 && cluster.isPrimary) await leadWorkers(options, { logger, signal });
    else await answer(options, { logger, signal });
  } finally {
    // The channel to the first process would keep this one.
    cluster.worker?.disconnect();
  }
}

interface Process {
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** The first of many processes answers nothing itself. */
async function leadWorkers({ workers: count }: ServeOptions, { logger, signal }: Process) {
  const workers = startWorkers({ count, logger });
  const letGo = onHangUp(() => workers.reload());
  try {
    await Promise.race([workers.ready, aborted(signal)]);
    if (!signal.aborted) logger.info({ count }, 'all workers answer');
    await aborted(signal);
  } finally {
    await workers.stop();
    letGo();
  }
}

async function answer(options: ServeOptions, { logger, signal }: Process): Promise<void> {
  const { bundle, workers: _, logLevel: __, host, port, ...rest } = options;
  const stopped = new AbortController();
  const ending = AbortSignal.any([signal, stopped.signal]);
  const primary = cluster.isWorker ? connectPrimary(() => stopped.abort()) : undefined;
  const siblings = primary ? { siblings: primary } : {};
  const service = createService(bundle, { ...rest, ...siblings, logger });
  // A terminal that is closed tells every process; what a worker does about it, the first one says.
  const letGo = onHangUp(async () => {
    if (!primary) await service.reload();
  });
  try {
    await service.listen({
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
    });
    await Promise.race([service.opened, aborted(ending)]);
    if (!ending.aborted) await primary?.ready(service);
    await aborted(ending);
  } finally {
    await service.close();
    letGo();
  }
}

const aborted = async (signal: AbortSignal) => {
  if (!signal.aborted) await once(signal, 'abort');
};

/** What fails is in the log already. @returns what ends it */
function onHangUp(reload: () => Promise<void>): () => void {
  const listener = () => void reload().catch(() => {});
  process.on('SIGHUP', listener);
  return () => void process.off('SIGHUP', listener);
}
