import { realpath } from 'node:fs/promises';
import { ActionableError, quote } from '@rodpo/errors';
import { openBundle, type Recommender } from '@rodpo/serving';
import type { ServiceMetrics } from '../metrics/service-metrics.ts';
import type { ServiceSettings } from '../service-options.ts';
import { type ServedBundle, servedBundle } from './served-bundle.ts';

/** The bundle in service, and how another takes its place. */
export interface BundleHolder {
  /** Undefined until the first one is open, and after the end. */
  current(): ServedBundle | undefined;
  /** Why there is none. */
  lacking(): Lack;
  /** Resolves once the first bundle is open. @throws {Error} if it cannot be opened */
  readonly opened: Promise<void>;
  /**
   * Opens the folder again beside the bundle in service, puts it in its place, and frees the old one
   * after its last request. What cannot be opened, or gives no answer, changes nothing.
   *
   * @throws {BundleError} if the folder holds no bundle, or it is not as it was written
   * @throws {ActionableError} if the bundle's model gives no numbers, or the service is stopping: nobody would
   * free what it opened
   */
  reload(): Promise<void>;
  /** Frees the bundle after its last request; one that was handed over opened stays open. */
  close(): Promise<void>;
}

/** The first bundle is still being opened, it could not be, or the service is ending. */
export type Lack = 'loading' | 'not-opened' | 'stopping';

export interface HolderOptions {
  readonly settings: ServiceSettings;
  readonly metrics: ServiceMetrics;
  isStopping(): boolean;
}

export function holdBundle(
  source: string | Recommender,
  { settings, metrics, isStopping }: HolderOptions,
): BundleHolder {
  const { logger } = settings;
  let current: ServedBundle | undefined;
  /** Old ones that are still being asked. */
  const leaving = new Set<Promise<void>>();
  const open = async () => {
    const recommender =
      typeof source === 'string' ? await openTried(source, settings.bundle) : source;
    const old = current;
    current = servedBundle(recommender, settings, metrics);
    const { version } = current;
    const { model, itemCount } = recommender.manifest;
    metrics.setBundle({ model, version });
    logger.info({ version, model, itemCount }, 'bundle in service');
    if (old) retire(old, { leaving, logger });
  };
  const opened = open();
  let lack: Lack = 'loading';
  // Whoever waits for it hears of a failure; nobody has to.
  opened.catch(() => {
    lack = 'not-opened';
  });
  let last: Promise<void> = opened;
  const reload = async () => {
    try {
      if (typeof source !== 'string') throw new ActionableError(notAFolder);
      await open();
      metrics.reloads.inc({ result: 'done' });
    } catch (error) {
      metrics.reloads.inc({ result: 'refused' });
      logger.error({ err: error, kept: current?.version }, 'reload refused: the old bundle stays');
      throw error;
    }
  };
  return {
    current: () => (lack === 'stopping' ? undefined : current),
    lacking: () => (isStopping() ? 'stopping' : lack),
    opened,
    // One after the other: what is asked for during a reload may have come too late for it.
    reload: async () => {
      if (isStopping())
        throw new ActionableError('The service was closed, and opens nothing more.');
      last = last.catch(() => {}).then(reload);
      await last;
    },
    close: async () => {
      await last.catch(() => {});
      // Whoever is let in before this has a place in its queue, and is answered before it is freed.
      lack = 'stopping';
      await current?.idle();
      await Promise.allSettled(leaving);
      if (typeof source === 'string') await current?.recommender.dispose();
    },
  };
}

interface Retiring {
  readonly leaving: Set<Promise<void>>;
  readonly logger: ServiceSettings['logger'];
}

/** Frees a bundle after its last request. */
function retire({ idle, recommender, version }: ServedBundle, { leaving, logger }: Retiring): void {
  const left = idle().then(() => recommender.dispose());
  leaving.add(left);
  left
    .then(() => logger.info({ version }, 'old bundle freed'))
    .catch((error) => logger.error({ err: error, version }, 'old bundle could not be freed'))
    .finally(() => leaving.delete(left));
}

const notAFolder =
  'The service was given an opened bundle, which cannot be opened again. Give it the folder.';

const noAnswer = (folder: string) =>
  `Expected the model of the bundle ${quote(folder, 200)} to recommend something after its most popular item, got ` +
  'no numbers, as after a training that diverged. Export it again from weights that are finite.';

/** What a link leads to is settled once: it may be turned while files are being read. */
async function openTried(folder: string, options: ServiceSettings['bundle']): Promise<Recommender> {
  // A folder that is not there is what openBundle has words for.
  const recommender = await openBundle(await realpath(folder).catch(() => folder), options);
  try {
    const popular = await recommender.recommend({ count: 1 });
    const history = popular.items.map(({ id }) => id);
    const times = history.map(() => recommender.manifest.times?.first ?? 0);
    // Of a catalogue of one item, what comes is that item again.
    const request = { history, times, count: 1, repeats: true };
    const { items, source } = await recommender.recommend(request);
    if (source !== 'model' || items.length === 0) throw new ActionableError(noAnswer(folder));
    return recommender;
  } catch (error) {
    await recommender.dispose();
    throw error;
  }
}
