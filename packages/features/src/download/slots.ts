/** Takes a slot, waiting in line for one; what it answers gives the slot back. */
export type TakeSlot = () => Promise<() => void>;

/** `count` slots, so that no more than `count` things happen at a time. */
export function slots(count: number): TakeSlot {
  const line: (() => void)[] = [];
  let free = count;
  const giveBack = () => {
    const next = line.shift();
    if (next) next();
    else free++;
  };
  return async () => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => line.push(resolve));
    return giveBack;
  };
}

/** `count` slots for each name, forgotten when nobody has or wants one. */
export function slotsByName(count: number): (name: string) => Promise<() => void> {
  const groups = new Map<string, { readonly take: TakeSlot; users: number }>();
  return async (name) => {
    const group = groups.get(name) ?? { take: slots(count), users: 0 };
    groups.set(name, group);
    group.users++;
    const giveBack = await group.take();
    return () => {
      giveBack();
      if (--group.users === 0) groups.delete(name);
    };
  };
}
