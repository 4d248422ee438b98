import { ActionableError } from '@rodpo/errors';
import { type Listening, type ListenOptions, startServer } from './start-server.ts';

/** A server that is started once, and never after the service's end: nothing else would end it. */
export interface ServerOnce {
  /** @throws {ActionableError} as `startServer`, and if it listens already or the service is stopping */
  listen(options: ListenOptions): Promise<Listening['address']>;
  /** As that of `Listening`, also if it is just starting or never was. */
  close(patienceMs: number): Promise<void>;
}

export function serverOnce(
  fetch: Parameters<typeof startServer>[0],
  isStopping: () => boolean,
): ServerOnce {
  let starting: Promise<Listening> | undefined;
  return {
    listen: async (options) => {
      if (isStopping())
        throw new ActionableError('The service was closed. Create another one to listen again.');
      if (starting)
        throw new ActionableError(
          'The service listens already, and does so once. Create another one for another address.',
        );
      starting = startServer(fetch, options);
      try {
        return (await starting).address;
      } catch (error) {
        starting = undefined;
        throw error;
      }
    },
    close: async (patienceMs) => {
      // What kept it from listening is told to who asked for it.
      const listening = await starting?.catch(() => undefined);
      await listening?.close(patienceMs);
    },
  };
}
