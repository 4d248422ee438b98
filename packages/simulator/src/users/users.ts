import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Interest, maxInterests } from './taste.ts';
import type { TasteTable } from './taste-table.ts';
import { drawUser, type User, type UserOptions } from './user.ts';

/** All users, in columns: an object for each interest of hundreds of thousands would fill memory. */
export interface Users {
  readonly tastes: TasteTable;
  /** The user at an index, as an object made anew. */
  at(user: number): User;
}

/** Draws users one after another, and says after each how many there are. */
export function* drawUsers(
  catalogue: Catalogue,
  options: UserOptions & { readonly userCount: number },
  random: () => number,
): Generator<number, Users, void> {
  const { userCount } = options;
  const { dimension, vectors, appeal, dearness } = catalogue;
  const points = new Float32Array(userCount * maxInterests * dimension);
  const category = new Uint8Array(userCount * maxInterests);
  const weight = new Float64Array(userCount * maxInterests);
  const [ends, activity] = [new Int32Array(userCount), new Int32Array(userCount)];
  const [priceSensitivity, threshold] = [new Float64Array(userCount), new Float32Array(userCount)];
  let interest = 0;
  for (let row = 0; row < userCount; row++) {
    const user = drawUser(catalogue, options, random);
    for (const own of user.taste.interests) {
      points.set(own.point, interest * dimension);
      category[interest] = own.category;
      weight[interest++] = own.weight;
    }
    ends[row] = interest;
    priceSensitivity[row] = user.taste.priceSensitivity;
    threshold[row] = user.threshold; // an affinity, so float32 holds it
    activity[row] = user.activity;
    yield row + 1;
  }
  const interestAt = (index: number): Interest => ({
    point: points.subarray(index * dimension, (index + 1) * dimension),
    category: category[index]!,
    weight: weight[index]!,
  });
  const interestsOf = (row: number) => {
    const first = ends[row - 1] ?? 0;
    return Array.from({ length: ends[row]! - first }, (_, place) => interestAt(first + place));
  };
  return {
    tastes: {
      ...{ dimension, vectors, appeal, dearness, ends, priceSensitivity, threshold },
      points: points.subarray(0, interest * dimension),
    },
    at: (row) => ({
      taste: { interests: interestsOf(row), priceSensitivity: priceSensitivity[row]! },
      threshold: threshold[row]!,
      activity: activity[row]!,
    }),
  };
}
