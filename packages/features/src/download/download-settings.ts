import { lookup } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { actionable } from '@rodpo/errors';
import { addressRule } from './public-address.ts';
import type { HostLookup } from './resolve-host.ts';

/** What a download asks of the machine. Replaced where no network is, and in tests. */
export interface DownloadSystem {
  /** Default: the system's resolver (`dns.lookup` with `all`). */
  readonly lookup: HostLookup;
  /** Waits, unless the signal is aborted first. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** The time in milliseconds since 1970. Default `Date.now`. */
  readonly now: () => number;
}

export interface DownloadOptions {
  /** Where images and the list of failures are kept; made if need be. */
  readonly folder: string;
  /** For one request, from looking up the name to the last byte. Default 30,000. */
  readonly timeoutMilliseconds?: number;
  /** The longest silence within a request. Default 10,000. */
  readonly idleTimeoutMilliseconds?: number;
  /** The largest image that is kept. Default 32 MiB. */
  readonly maxBytes?: number;
  /** How often a URL is asked before it counts as failed. Default 4. */
  readonly attempts?: number;
  /** The wait after the first failure; it doubles from there, and half of it is drawn. Default 500. */
  readonly backoffMilliseconds?: number;
  /** The longest wait, also if a server asks for more with `Retry-After`. Default 60,000. */
  readonly maxBackoffMilliseconds?: number;
  /** Requests at a time. Default 8. */
  readonly concurrency?: number;
  /** Requests at a time to one host name. Default 2. */
  readonly concurrencyPerHost?: number;
  /** How many redirects are followed from one URL. Default 5. */
  readonly maxRedirects?: number;
  /** Names the caller to the servers; polite ones say whom to write to. */
  readonly userAgent?: string;
  /** Default 80 and 443. */
  readonly allowedPorts?: readonly number[];
  /**
   * Addresses that may be asked although they are not public: ranges such as
   * `['10.1.2.0/24']`, or `true` for all. Default none.
   */
  readonly allowPrivateAddresses?: boolean | readonly string[];
  /** Asks again for what failed for good in earlier runs. Default false. */
  readonly retryFailed?: boolean;
  /** Stops at the first failure. Default false: it is reported and the run goes on. */
  readonly strict?: boolean;
  /** Uniform in [0, 1), for the waits. Default `Math.random`. */
  readonly random?: () => number;
  readonly signal?: AbortSignal;
  /** Called after each item. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** For tests and for machines with a resolver of their own. */
  readonly system?: Partial<DownloadSystem>;
}

/** How far a run is, in items. */
export interface DownloadProgress {
  readonly total: number;
  /** `downloaded + cached + failed`. */
  readonly done: number;
  readonly downloaded: number;
  readonly cached: number;
  readonly failed: number;
}

type Settled = Required<Omit<DownloadOptions, 'signal' | 'onProgress' | 'system'>>;

/** All options, filled in and checked. */
export interface DownloadSettings extends Settled {
  readonly system: DownloadSystem;
  /** Whether an address may be asked. */
  readonly mayAsk: (address: string) => boolean;
}

const machine: DownloadSystem = {
  lookup: (hostname) => lookup(hostname, { all: true }),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  now: Date.now,
};

/** @throws {RangeError} if a number or a range of addresses makes no sense */
export function settleOptions(options: DownloadOptions): DownloadSettings {
  const settings = {
    folder: options.folder,
    timeoutMilliseconds: options.timeoutMilliseconds ?? 30_000,
    idleTimeoutMilliseconds: options.idleTimeoutMilliseconds ?? 10_000,
    maxBytes: options.maxBytes ?? 32 * 2 ** 20,
    attempts: options.attempts ?? 4,
    backoffMilliseconds: options.backoffMilliseconds ?? 500,
    maxBackoffMilliseconds: options.maxBackoffMilliseconds ?? 60_000,
    concurrency: options.concurrency ?? 8,
    concurrencyPerHost: options.concurrencyPerHost ?? 2,
    maxRedirects: options.maxRedirects ?? 5,
    userAgent: options.userAgent ?? 'rodpo-features (+https://github.com/rodpo/rodpo)',
    allowedPorts: options.allowedPorts ?? [80, 443],
    allowPrivateAddresses: options.allowPrivateAddresses ?? false,
    retryFailed: options.retryFailed ?? false,
    strict: options.strict ?? false,
    random: options.random ?? Math.random,
    system: { ...machine, ...options.system },
  };
  requireWholeNumbers(settings);
  return { ...settings, mayAsk: addressRule(settings.allowPrivateAddresses) };
}

/** The least that each may be. */
const leastOf = {
  timeoutMilliseconds: 1,
  idleTimeoutMilliseconds: 1,
  maxBytes: 1,
  attempts: 1,
  backoffMilliseconds: 0,
  maxBackoffMilliseconds: 0,
  concurrency: 1,
  concurrencyPerHost: 1,
  maxRedirects: 0,
} as const;

/** Timers cannot wait longer than this, and answer at once if asked to. */
const longestMilliseconds = 2 ** 31 - 1;

function requireWholeNumbers(settings: Record<keyof typeof leastOf, number>): void {
  for (const name of Object.keys(leastOf) as (keyof typeof leastOf)[]) {
    const most = name.endsWith('Milliseconds') ? longestMilliseconds : Number.MAX_SAFE_INTEGER;
    const value = settings[name];
    if (Number.isInteger(value) && value >= leastOf[name] && value <= most) continue;
    throw actionable(
      new RangeError(
        `${name} must be a whole number from ${leastOf[name]} to ${most}, got ${value}`,
      ),
    );
  }
}
