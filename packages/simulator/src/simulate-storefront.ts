import { type Catalogue, drawCatalogue } from './catalogue/catalogue.ts';
import { rowWriter } from './rows.ts';
import type { Storefront } from './storefront.ts';
import {
  type StorefrontOptions,
  type StorefrontSettings,
  storefrontSettings,
} from './storefront-options.ts';
import { latentTastes } from './users/latent-tastes.ts';
import { drawUsers, type Users } from './users/users.ts';
import { browse } from './visits/browse.ts';
import { clickTimes } from './visits/click-times.ts';
import { searchForMore } from './visits/search-for-more.ts';
import { shopWindow } from './visits/shop-window.ts';

/**
 * Simulates a shop whose customers' tastes are known: draws products and users,
 * then lets each user visit a store that shows a few products at a time, so
 * that most of what a user would like stays unseen.
 *
 * Equal options and equal draws of `random` (uniform in [0, 1)) give the same
 * storefront, bit for bit. The defaults take about a second.
 *
 * @throws {RangeError} if an option is out of its range
 */
export function simulateStorefront(options: StorefrontOptions, random: () => number): Storefront {
  const steps = simulateInSteps(options, random);
  for (;;) {
    const { value, done } = steps.next();
    if (done) return value;
  }
}

/**
 * Makes what `simulateStorefront` does; after each user says which share of the work is done, so that a
 * large one can be watched, or given up.
 *
 * @throws {RangeError} at the first step, if an option is out of its range
 */
export function* simulateInSteps(
  options: StorefrontOptions,
  random: () => number,
): Generator<number, Storefront, void> {
  const settings = storefrontSettings(options);
  const { userCount } = settings;
  const catalogue = drawCatalogue(settings, random);
  yield 0;
  const users = yield* shares(
    drawUsers(catalogue, settings, random),
    (drawn) => drawn / userCount / 2,
  );
  const observing = observe(catalogue, users, settings, random);
  const observed = yield* shares(observing, (seen) => (1 + seen / userCount) / 2);
  return {
    products: catalogue.products,
    userIds: Array.from({ length: userCount }, (_, user) => userId(user)),
    ...observed,
    tastes: users.tastes,
    ...latentTastes(users.tastes),
  };
}

function* shares<Made>(
  work: Generator<number, Made, void>,
  shareOf: (count: number) => number,
): Generator<number, Made, void> {
  for (;;) {
    const { value, done } = work.next();
    if (done) return value;
    yield shareOf(value);
  }
}

function userId(user: number): string {
  return `U${String(user + 1).padStart(4, '0')}`;
}

/** Every user's visits, in the order of the users; says after each how many there were. */
function* observe(
  catalogue: Catalogue,
  users: Users,
  settings: StorefrontSettings,
  random: () => number,
): Generator<number, Pick<Storefront, 'sequences' | 'shown' | 'times'>, void> {
  const { affinity } = latentTastes(users.tastes);
  const window = shopWindow(catalogue, settings.exposure);
  const clicked = rowWriter(Int32Array);
  const visits = rowWriter(Int32Array);
  const shown = rowWriter(Int32Array);
  for (let row = 0; row < settings.userCount; row++) {
    const user = users.at(row);
    const browsing = browse(catalogue, window, user, settings, random);
    searchForMore(browsing, settings, () => affinity(row));
    clicked.add(browsing.clicked);
    visits.add(browsing.visits);
    shown.add(browsing.shown);
    yield row + 1;
  }
  // Drawn when all else has been, so that nothing else depends on how times are drawn.
  const times = rowWriter(Float64Array);
  for (const own of visits.rows()) times.add(clickTimes(own, random));
  return { sequences: clicked.rows(), times: times.rows(), shown: shown.rows() };
}
