/** Users' items, and times by their place in a sequence where they are known. */
export function dataOf(
  users: readonly (readonly number[])[],
  timeOf?: (place: number, user: number) => number,
) {
  const itemCount = Math.max(...users.flat()) + 1;
  return {
    userIds: users.map((_, user) => `u${user}`),
    itemIds: Array.from({ length: itemCount }, (_, item) => `i${item}`),
    sequences: users.map((items) => Int32Array.from(items)),
    ...(timeOf
      ? {
          times: users.map((items, user) =>
            Float64Array.from(items, (_, place) => timeOf(place, user)),
          ),
        }
      : {}),
  };
}

/** Alignment that draws nothing: no catalogue is too small for it. */
export const control = { strategies: [{ name: 'control', loss: 'none' }] };

const day = 86_400;

/** Seconds from 2015 on, 40 days apart. */
export const from2015 = (place: number): number => 1_420_070_400 + place * 40 * day;

/** Five users who choose each of five items once, in turn: nothing is to be said of them. */
export const sound = Array.from({ length: 5 }, (_, user) =>
  Array.from({ length: 5 }, (_, place) => (user + place) % 5),
);
