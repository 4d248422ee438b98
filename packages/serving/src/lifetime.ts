/** Until when something may be asked: what it needs is freed after the last answer. */
export interface Lifetime {
  /** @throws {Error} if it has ended */
  ask<Answer>(answer: () => Promise<Answer>): Promise<Answer>;
  /** Ends it, once; whatever was asked before is answered first. */
  end(): Promise<void>;
}

/** @param free what is held */
export function lifetimeOf(name: string, free: () => Promise<void>): Lifetime {
  const underWay = new Set<Promise<unknown>>();
  let ended: Promise<unknown> | undefined;
  return {
    ask: async (answer) => {
      if (ended) throw new Error(`${name} was disposed of. Open it again to go on.`);
      const asked = answer();
      underWay.add(asked);
      try {
        return await asked;
      } finally {
        underWay.delete(asked);
      }
    },
    end: async () => {
      ended ??= Promise.allSettled(underWay).then(free);
      await ended;
    },
  };
}
