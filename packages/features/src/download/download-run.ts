import type { DownloadSettings } from './download-settings.ts';
import { type Connections, closeConnections, openConnections } from './open-response.ts';
import { slots, slotsByName } from './slots.ts';

/** What all downloads of one run share. */
export interface DownloadRun {
  readonly settings: DownloadSettings;
  readonly connections: Connections;
  /** Aborted when the run is to end, with the error it ends with as its reason. */
  readonly signal: AbortSignal;
  /**
   * Waits for the turn to ask a host. What it answers ends the turn; the host is left alone for
   * as many milliseconds more as are given.
   */
  enter(hostname: string): Promise<(pauseMilliseconds: number) => void>;
  /** Ends the run; only the first reason counts. */
  stop(reason: unknown): void;
  /** Closes all connections and forgets all waits. */
  close(): void;
}

export function openRun(settings: DownloadSettings, outer: AbortSignal | undefined): DownloadRun {
  const controller = new AbortController();
  const connections = openConnections(settings.concurrencyPerHost);
  const stop = (reason: unknown) => controller.abort(reason);
  const stopWithOuter = () => stop(outer?.reason);
  if (outer?.aborted) stopWithOuter();
  else outer?.addEventListener('abort', stopWithOuter);

  return {
    settings,
    connections,
    signal: controller.signal,
    enter: takeTurns(settings, controller.signal),
    stop,
    close: () => {
      outer?.removeEventListener('abort', stopWithOuter);
      stop(undefined);
      closeConnections(connections);
    },
  };
}

/** The host's slot comes first: who waits for a busy host keeps nobody else waiting. */
function takeTurns(
  { concurrency, concurrencyPerHost, maxBackoffMilliseconds, system }: DownloadSettings,
  signal: AbortSignal,
): DownloadRun['enter'] {
  const takeHostSlot = slotsByName(concurrencyPerHost);
  const takeSlot = slots(concurrency);
  return async (hostname) => {
    const leaveHost = await takeHostSlot(hostname);
    const leave = await takeSlot();
    return (pauseMilliseconds) => {
      leave();
      const pause = Math.min(pauseMilliseconds, maxBackoffMilliseconds);
      if (pause > 0) system.sleep(pause, signal).then(leaveHost, leaveHost);
      else leaveHost();
    };
  };
}
