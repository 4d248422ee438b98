import { gaussian } from '../random-draws.ts';

export interface ActivityOptions {
  readonly minClicks: number;
  readonly medianClicks: number;
  readonly maxClicks: number;
}

const spread = 0.8;

/** How many clicks a user will make: log-normal above the minimum, cut at the maximum. */
export function drawActivity(options: ActivityOptions, random: () => number): number {
  const { minClicks, medianClicks, maxClicks } = options;
  const extra = (medianClicks - minClicks + 0.5) * Math.exp(spread * gaussian(random));
  return Math.min(maxClicks, minClicks + Math.floor(extra));
}
