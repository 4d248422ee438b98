// Is what was timed right? Each check throws with what it saw; small errors become a figure.

function demand(condition, name, message) {
  if (!condition) throw new Error(`${name}: ${message}`);
}

const relative = (a, b) => Math.abs(a - b) / Math.abs(b);

/** Cases a to d: same weights and batch, so one first loss; near a blind guess's; then falling. */
function checkSteps(present, { shape, kind }) {
  const blind = Math.log(shape.itemCount) + (kind === 'preferenceStep' ? Math.log(2) : 0);
  const [ours] = present;
  for (const { name, values, plain, hasOwnWeights } of present) {
    const expected = plain ? Math.log(shape.itemCount) : blind;
    const range = `${values[0]} … ${values.at(-1)}`;
    demand(values.every(Number.isFinite), name, `losses are not finite: ${values}`);
    demand(Math.abs(values[0] - expected) < 0.3, name, `expected ${expected} first, got ${range}`);
    demand(values.length === 1 || values.at(-1) < values[0], name, `the loss rises: ${range}`);
    if (hasOwnWeights || plain) continue;
    const [got, want] = [values[0], ours.values[0]];
    // Negatives are drawn at random, and change a DPO loss a little.
    const tolerance = kind === 'preferenceStep' ? 1e-3 : 1e-5;
    demand(relative(got, want) < tolerance, name, `the first loss is ${got}, ours is ${want}`);
  }
}

/**
 * Largest relative difference of our losses from PyTorch's over the first steps, which nothing but
 * rounding may make: wrong gradients show here. Nothing without a PyTorch, and where it is not
 * the same computation.
 */
export function lossDifference(entries, { kind }) {
  const peer = entries.find(({ absent, peer }) => peer && !absent);
  if (kind !== 'trainingStep' || !peer) return undefined;
  const ours = entries[0].values.slice(0, 8);
  return Math.max(...ours.map((loss, step) => relative(loss, peer.values[step])));
}

/** Case d: what we draw is in the pool that PyTorch finds, and is not the chosen item. */
function checkNegatives(present) {
  const pool = present.find(({ ready }) => ready.pool)?.ready.pool;
  if (!pool) return;
  const { name, ready } = present[0];
  const inside = ready.negatives.filter((item, row) => pool[row].includes(item)).length;
  const share = inside / pool.length;
  // Scores that differ by rounding only may change places at the pool's edge.
  demand(share > 0.99, name, `only ${share} of the negatives are in PyTorch's pool`);
}

/** Case e: the same ranks, but for scores that differ by rounding only. */
function checkRanks(present) {
  const ours = present[0];
  const users = ours.ready.ranks.length;
  for (const { name, ready, values } of present) {
    demand(ready.ranks.length === users, name, `${ready.ranks.length} ranks, ours are ${users}`);
    const same = ready.ranks.filter((rank, user) => rank === ours.ready.ranks[user]).length;
    demand(same / users > 0.99, name, `only ${same} of ${users} ranks are ours`);
    const [got, want] = [values[0], ours.values[0]];
    demand(relative(got, want) < 1e-3, name, `mean reciprocal rank ${got}, ours is ${want}`);
  }
}

/** Case f: epochs of other order and noise, so losses agree roughly; and they fall. */
function checkEpochs(present, { shape }) {
  const ours = present[0];
  for (const { name, values } of present) {
    demand(values.every(Number.isFinite), name, `losses are not finite: ${values}`);
    demand(values[0] < Math.log(shape.itemCount), name, `learned nothing: ${values}`);
    const falls = values.every((value, epoch) => epoch === 0 || value < values[epoch - 1]);
    demand(falls, name, `the loss rises: ${values}`);
    const [got, want] = [values[0], ours.values[0]];
    demand(relative(got, want) < 0.02, name, `loss ${got} of the first epoch, ours is ${want}`);
  }
}

/** @throws {Error} if a contender computed something else than it should have */
export function check(entries, definition) {
  const present = entries.filter(({ absent }) => !absent);
  if (definition.kind === 'fullRanking') return checkRanks(present);
  if (definition.kind === 'trainingEpoch') return checkEpochs(present, definition);
  checkSteps(present, definition);
  if (definition.kind === 'preferenceStep') checkNegatives(present);
}
