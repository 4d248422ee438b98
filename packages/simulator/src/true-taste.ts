import type { Catalogue } from './catalogue/catalogue.ts';
import type { Storefront } from './storefront.ts';
import { affinities } from './users/affinity.ts';
import { decisiveness } from './users/pickiness.ts';
import type { User } from './users/user.ts';

/** The part of a storefront that no log of clicks would hold. */
export function trueTaste(
  catalogue: Catalogue,
  users: readonly User[],
): Pick<Storefront, 'liked' | 'likes' | 'affinity'> {
  const itemCount = catalogue.products.length;
  const liked = new Uint8Array(users.length * itemCount);
  for (const [row, user] of users.entries()) {
    for (const item of user.likedItems) liked[row * itemCount + item] = 1;
  }
  return {
    liked,
    likes: (user, item) => {
      requireIndex('user', user, users.length);
      requireIndex('item', item, itemCount);
      return liked[user * itemCount + item] === 1;
    },
    affinity: (user) => {
      requireIndex('user', user, users.length);
      return affinityLogits(catalogue, users[user]!);
    },
  };
}

/** Logit of the lasting click probability: shape `[itemCount]`. */
export function affinityLogits(catalogue: Catalogue, { taste, threshold }: User): Float32Array {
  return affinities(catalogue, taste).map((affinity) => decisiveness * (affinity - threshold));
}

function requireIndex(name: string, index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new RangeError(`${name} must be an index from 0 to ${count - 1}, got ${index}`);
}
