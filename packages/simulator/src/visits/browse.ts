import type { Catalogue } from '../catalogue/catalogue.ts';
import type { User } from '../users/user.ts';
import { clickChance, isComplement } from './click-chance.ts';
import { drawSlate } from './draw-slate.ts';
import { type Mood, startMood } from './mood.ts';
import type { ShopWindow } from './shop-window.ts';

export interface BrowseOptions {
  readonly slateSize: number;
  readonly maxClicksPerVisit: number;
  readonly maxVisits: number;
  readonly complementLift: number;
}

/** What a user did, and what the user had a chance to do. */
export interface Browsing {
  /** Items in the order of the clicks: a set keeps the order of insertion. */
  readonly clicked: Set<number>;
  readonly shown: Set<number>;
  /** The visit of each click, counted from 0. */
  readonly visits: number[];
}

/** Sends a user to the store until the user has clicked enough or visited too often. */
export function browse(
  catalogue: Catalogue,
  window: ShopWindow,
  user: User,
  options: BrowseOptions,
  random: () => number,
): Browsing {
  const mood = startMood(catalogue, user.taste.interests, random);
  const browsing: Browsing = { clicked: new Set(), shown: new Set(), visits: [] };
  let lastClick = -1;
  for (let visit = 0; visit < options.maxVisits; visit++) {
    const clicksLeft = user.activity - browsing.clicked.size;
    if (clicksLeft === 0) break;
    const context = { browsedCategory: mood.active().category, lastClick };
    const slate = drawSlate(window, context, options.slateSize, browsing.clicked, random);
    const patience = Math.min(options.maxClicksPerVisit, clicksLeft);
    const chance = chanceOf(catalogue, user, mood, options.complementLift);
    lastClick = lookThrough(slate, { visit, lastClick, patience, chance }, browsing, random);
    mood.pass();
  }
  return browsing;
}

type Chance = (item: number, lastClick: number) => number;

function chanceOf(catalogue: Catalogue, user: User, mood: Mood, complementLift: number): Chance {
  return (item, lastClick) => {
    const lift = isComplement(catalogue, item, lastClick) ? complementLift : 0;
    return clickChance(catalogue, user, mood, item, lift);
  };
}

interface Visit {
  readonly visit: number;
  readonly lastClick: number;
  /** Clicks after which the user leaves. */
  readonly patience: number;
  readonly chance: Chance;
}

/** One visit: reads the slate from the top, clicks, and returns the last click. */
function lookThrough(
  slate: readonly number[],
  { visit, lastClick, patience, chance }: Visit,
  { clicked, shown, visits }: Browsing,
  random: () => number,
): number {
  let latest = lastClick;
  let clicksLeft = patience;
  for (const [position, item] of slate.entries()) {
    if (clicksLeft === 0) break;
    shown.add(item);
    const draw = random();
    // A chance is at most 1, and takes long to work out: who does not look does not click.
    if (draw >= attention(position)) continue;
    if (draw >= attention(position) * chance(item, latest)) continue;
    clicked.add(item);
    visits.push(visit);
    latest = item;
    clicksLeft--;
  }
  return latest;
}

/** Position bias: the probability that the place, from 0, is looked at. 1, 0.93, … 0.56 at 11. */
function attention(position: number): number {
  return 1 / (1 + 0.07 * position);
}
