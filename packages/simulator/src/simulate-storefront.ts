import { type Catalogue, drawCatalogue } from './catalogue/catalogue.ts';
import type { Storefront } from './storefront.ts';
import {
  type StorefrontOptions,
  type StorefrontSettings,
  settleOptions,
} from './storefront-options.ts';
import { affinityLogits, trueTaste } from './true-taste.ts';
import { drawUser, type User } from './users/user.ts';
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
  const settings = settleOptions(options);
  const catalogue = drawCatalogue(settings, random);
  const users = Array.from({ length: settings.userCount }, () =>
    drawUser(catalogue, settings, random),
  );
  return {
    products: catalogue.products,
    userIds: users.map((_, user) => `U${String(user + 1).padStart(4, '0')}`),
    ...observe(catalogue, users, settings, random),
    ...trueTaste(catalogue, users),
  };
}

/** Every user's visits, in the order of the users. */
function observe(
  catalogue: Catalogue,
  users: readonly User[],
  settings: StorefrontSettings,
  random: () => number,
): Pick<Storefront, 'sequences' | 'shown' | 'times'> {
  const itemCount = catalogue.products.length;
  const window = shopWindow(catalogue, settings.exposure);
  const shown = new Uint8Array(users.length * itemCount);
  const browsings = users.map((user, row) => {
    const browsing = browse(catalogue, window, user, settings, random);
    searchForMore(browsing, settings, () => affinityLogits(catalogue, user));
    for (const item of browsing.shown) shown[row * itemCount + item] = 1;
    return { clicked: Int32Array.from(browsing.clicked), visits: browsing.visits };
  });
  return {
    sequences: browsings.map(({ clicked }) => clicked),
    // Drawn when all else has been, so that nothing else depends on how times are drawn.
    times: browsings.map(({ visits }) => clickTimes(visits, random)),
    shown,
  };
}
