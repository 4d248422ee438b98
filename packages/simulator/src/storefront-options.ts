import { requirePositiveInteger } from '@rodpo/errors';
import { defaultExposure, type Exposure } from './visits/exposure.ts';

export interface StorefrontOptions {
  /** Default 2000. */
  readonly userCount?: number;
  /** Size of the catalogue, at least `maxClicks`. Default 1000. */
  readonly itemCount?: number;
  /** Share of the catalogue a user likes, on average: users vary from 0.6 to 1.4 of it. Default 0.05. */
  readonly likedShare?: number;
  /** Fewest clicks of a user, from 1. Default 5. */
  readonly minClicks?: number;
  /** Median clicks of a user, from `minClicks` to `maxClicks`. Default 9. */
  readonly medianClicks?: number;
  /** Most clicks of a user. Default 50. */
  readonly maxClicks?: number;
  /** Products shown at a visit. Default 12. */
  readonly slateSize?: number;
  /** Clicks after which a visit ends. Default 2. */
  readonly maxClicksPerVisit?: number;
  /** Visits after which a user gives up. Default 200. */
  readonly maxVisits?: number;
  /** Zipf exponent of the popularity that best-seller lists go by; 0 is flat. Default 0.6. */
  readonly popularitySkew?: number;
  /** Share, 0 to 1, of what tells products apart that no image or text shows. Default 0.2. */
  readonly hiddenShare?: number;
  /** Logits a click adds to complements of the same style until the next click. Default 2.5. */
  readonly complementLift?: number;
  /** Why products are shown; what is left out keeps its default. */
  readonly exposure?: Partial<Exposure>;
}

/** Every option, with its default filled in. */
export type StorefrontSettings = Required<Omit<StorefrontOptions, 'exposure'>> & {
  readonly exposure: Exposure;
};

const defaults: StorefrontSettings = {
  userCount: 2000,
  itemCount: 1000,
  likedShare: 0.05,
  minClicks: 5,
  medianClicks: 9,
  maxClicks: 50,
  slateSize: 12,
  maxClicksPerVisit: 2,
  maxVisits: 200,
  popularitySkew: 0.6,
  hiddenShare: 0.2,
  complementLift: 2.5,
  exposure: defaultExposure,
};

const counts = [
  'userCount',
  'itemCount',
  'minClicks',
  'maxClicks',
  'slateSize',
  'maxClicksPerVisit',
  'maxVisits',
] as const;

/**
 * The options with every default filled in.
 *
 * @throws {RangeError} naming the option that is out of its range, the range and what came
 */
export function storefrontSettings(options: StorefrontOptions): StorefrontSettings {
  const settings = {
    ...defaults,
    ...options,
    exposure: { ...defaultExposure, ...options.exposure },
  };
  for (const name of counts) requirePositiveInteger(name, settings[name]);
  requireRange('likedShare', settings.likedShare, 0, 1);
  requireRange('hiddenShare', settings.hiddenShare, 0, 1);
  requireRange('popularitySkew', settings.popularitySkew, 0, 10);
  requireRange('complementLift', settings.complementLift, 0, 100);
  requireRange('maxClicks', settings.maxClicks, settings.minClicks, Number.MAX_SAFE_INTEGER);
  requireEnoughItems(settings);
  requireRange('medianClicks', settings.medianClicks, settings.minClicks, settings.maxClicks);
  requireExposure(settings.exposure);
  return settings;
}

function requireRange(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new RangeError(`${name} must lie between ${low} and ${high}, got ${value}`);
}

function requireEnoughItems({ itemCount, maxClicks }: StorefrontSettings): void {
  if (itemCount >= maxClicks) return;
  throw new RangeError(
    `itemCount must be at least maxClicks, ${maxClicks}, since nobody clicks an item twice: got ${itemCount}`,
  );
}

function requireExposure(exposure: Exposure): void {
  for (const [source, weight] of Object.entries(exposure)) {
    requireRange(`exposure.${source}`, weight, 0, Number.MAX_VALUE);
  }
  if (Object.values(exposure).some((weight) => weight > 0)) return;
  throw new RangeError('exposure must give at least one source a weight above 0, got 0 for all');
}
