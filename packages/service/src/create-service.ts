import type { Recommender } from '@rodpo/serving';
import { type BundleHolder, holdBundle } from './bundle/bundle-holder.ts';
import { buildApp } from './http/build-app.ts';
import type { App } from './http/environment.ts';
import { schemasOf } from './http/schemas.ts';
import { serverOnce } from './listen/server-once.ts';
import type { Listening, ListenOptions } from './listen/start-server.ts';
import { type ServiceMetrics, serviceMetrics } from './metrics/service-metrics.ts';
import { type ServiceOptions, settingsOf } from './service-options.ts';

/** A bundle that answers over HTTP. */
export interface Service {
  /** The routes as a hono app: to mount in another, or to ask without a network (`app.request`). */
  readonly app: App;
  /**
   * Resolves once the bundle is open; until then, `/ready` and requests are answered with 503.
   *
   * @throws {Error} if it cannot be opened, or its model gives no numbers; 503 says so from then on, and `reload`
   * may mend it
   */
  readonly opened: Promise<void>;
  /** Figures of this service alone. */
  readonly metrics: ServiceMetrics['registry'];
  /**
   * Answers at an address from now on; once.
   *
   * @throws {ActionableError} if the address is in use or not one of this machine's, if it listens
   * already, or was closed
   */
  listen(options?: ListenOptions): Promise<Listening['address']>;
  /**
   * Opens the bundle's folder again and puts what it holds now in the place of what it held. No
   * request fails for it: the old bundle answers those that it has. What cannot be opened changes
   * nothing, and is told in the log as well. Two bundles are in memory meanwhile.
   *
   * @throws {BundleError} if the folder holds no bundle, or it is not as it was written
   * @throws {ActionableError} if the bundle's model gives no numbers, or the service was given an opened one, or
   * was closed
   */
  reload(): Promise<void>;
  /**
   * Accepts nothing more, answers what has come, then frees the bundle if the service opened it. An app
   * that was mounted answers with 503 from then on.
   */
  close(): Promise<void>;
}

/**
 * @param bundle its folder, which is opened at once, or one that is open: that one stays its owner's
 * @throws {Error} (marked as actionable) that names the option which is not as it must be
 */
export function createService(bundle: string | Recommender, options: ServiceOptions = {}): Service {
  const settings = settingsOf(options);
  let holder: BundleHolder | undefined;
  const metrics = serviceMetrics(() => holder?.current()?.waiting() ?? 0);
  let closed: Promise<void> | undefined;
  const isStopping = () => closed !== undefined;
  holder = holdBundle(bundle, { settings, metrics, isStopping });
  const app = buildApp({
    settings,
    schemas: schemasOf(settings),
    holder,
    metrics,
    isStopping,
  });
  const server = serverOnce(app.fetch, isStopping);
  const close = async () => {
    settings.logger.info('stopping');
    await server.close(settings.timeoutMs);
    await holder.close();
    settings.logger.info('stopped');
  };
  return {
    app,
    opened: holder.opened,
    metrics: metrics.registry,
    listen: async (own = {}) => {
      const address = await server.listen(own);
      settings.logger.info(address, 'listening');
      return address;
    },
    reload: () => holder.reload(),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
