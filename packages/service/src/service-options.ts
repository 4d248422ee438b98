import { ActionableError, requireInteger, requirePositiveInteger } from '@rodpo/errors';
import type { OpenBundleOptions } from '@rodpo/serving';
import { type Logger, pino } from 'pino';

/** What the other workers of a service do for one that is asked about all of them. */
export interface Siblings {
  /** The figures of all workers together, as Prometheus reads them. */
  metrics(): Promise<string>;
  /** Every worker opens the bundle anew. @throws {Error} if one of them keeps the old one */
  reload(): Promise<void>;
}

export interface ServiceOptions extends OpenBundleOptions {
  /** Milliseconds that a request waits for others to be answered with. Default 2; 0 waits for none. */
  readonly windowMs?: number;
  /** Requests that are answered together. Default 64, what the encoder reads in one run. */
  readonly batchSize?: number;
  /** Requests that may wait; more are refused with 429. Default 1024. */
  readonly queueSize?: number;
  /** Milliseconds in which a request must be answered, or it is given up with 503 or 504. Default 10,000. */
  readonly timeoutMs?: number;
  /** Largest body of a request. Default 1 MiB. */
  readonly bodyLimitBytes?: number;
  /** What a client must show (`Authorization: Bearer …`). Default: none, and no `/admin`. */
  readonly token?: string;
  /** Where the log goes. Default: nowhere. */
  readonly logger?: Logger;
  /** The other workers of a service of many, from `connectPrimary`. Default: there are none. */
  readonly siblings?: Siblings;
}

/** Options with every default. */
export interface ServiceSettings {
  readonly windowMs: number;
  readonly batchSize: number;
  readonly queueSize: number;
  readonly timeoutMs: number;
  readonly bodyLimitBytes: number;
  readonly token: string | undefined;
  readonly logger: Logger;
  readonly siblings: Siblings | undefined;
  readonly bundle: OpenBundleOptions;
}

/** The longest that a timer of Node can wait. */
const longestMs = 2 ** 31 - 1;

/** @throws {Error} (marked as actionable) that names the option which is not as it must be */
export function settingsOf(options: ServiceOptions): ServiceSettings {
  const {
    windowMs = 2,
    batchSize = 64,
    queueSize = 1024,
    timeoutMs = 10_000,
    bodyLimitBytes = 2 ** 20,
    token,
    logger = pino({ enabled: false }),
    siblings,
    ...bundle
  } = options;
  requireInteger('windowMs', windowMs, { from: 0, to: longestMs });
  requirePositiveInteger('batchSize', batchSize);
  requirePositiveInteger('queueSize', queueSize);
  requireInteger('timeoutMs', timeoutMs, { from: 1, to: longestMs });
  requirePositiveInteger('bodyLimitBytes', bodyLimitBytes);
  requireToken(token);
  const sizes = { windowMs, batchSize, queueSize, timeoutMs, bodyLimitBytes };
  return { ...sizes, token, logger, siblings, bundle };
}

/** Only such a token can stand in a header, RFC 6750; what is wrong with it is not shown. */
function requireToken(token: string | undefined): void {
  if (token === undefined || /^[\w.~+/-]+=*$/.test(token)) return;
  throw new ActionableError(
    'The token must be one or more of A–Z a–z 0–9 . _ ~ + / - (and = at its end), got something else. ' +
      'Make one with: openssl rand -hex 32',
  );
}
