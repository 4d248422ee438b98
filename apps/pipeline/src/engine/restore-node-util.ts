import util from 'node:util';

/** What tfjs-node 4.22 calls of `node:util` that Node 23 has removed, or deprecates. */
const called = {
  isArray: Array.isArray,
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
};

/**
 * Gives Node's `util` back what tfjs-node needs of it, before tfjs-node is imported. Without it
 * tfjs-node loads on Node 23 and later, and fails at its first operation. What Node has is kept.
 */
export function restoreNodeUtil(): void {
  const missing = Object.entries(called).filter(([name]) => !(name in util));
  Object.assign(util, Object.fromEntries(missing));
}
