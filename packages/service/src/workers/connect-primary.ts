import { ActionableError } from '@rodpo/errors';
import type { Service } from '../create-service.ts';
import type { Siblings } from '../service-options.ts';
import { type Channel, connectCalls } from './connect-calls.ts';

/** The process that started this one as a worker. */
export interface Primary extends Siblings {
  /**
   * Tells it that a service answers here, which it may ask for figures and to reload. A reload that is
   * asked for before waits for this, or fails with the end of the process.
   */
  ready(service: Service): Promise<void>;
}

/**
 * To be called in a process that `startWorkers` made.
 *
 * @param onStop called when the primary wants this process to end
 * @throws {ActionableError} in a process that is no worker
 */
export function connectPrimary(onStop: () => void): Primary {
  if (!process.send) {
    throw new ActionableError('This process is no worker. Start it by startWorkers.');
  }
  const channel: Channel = {
    // A primary that was killed has closed the channel, and this process ends as well.
    // A primary that is ending hears nothing any more, which is no fault of this process.
    send: (message) => process.connected && process.send!(message, undefined, {}, () => {}),
    onMessage: (listener) => process.on('message', listener),
  };
  return primaryOver(channel, onStop);
}

/** The primary at the other end of a channel. */
export function primaryOver(channel: Channel, onStop: () => void): Primary {
  let service: Service | undefined;
  let answers = (_: Service) => {};
  const answering = new Promise<Service>((resolve) => {
    answers = resolve;
  });
  const calls = connectCalls(channel, {
    stop: onStop,
    // A bundle that is being opened may be the one before that which is to be in service.
    reload: async () => (await answering).reload(),
    metrics: () => service?.metrics.getMetricsAsJSON(),
  });
  return {
    metrics: async () => (await calls.call('metrics')) as string,
    reload: async () => void (await calls.call('reload')),
    ready: async (own) => {
      service = own;
      answers(own);
      await calls.call('ready');
    },
  };
}
