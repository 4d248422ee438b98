// What is measured: shapes, how many runs a round takes, and the bars.

const shape = {
  batch: 256,
  length: 50,
  dimension: 64,
  blockCount: 2,
  headCount: 2,
  itemCount: 12_102,
};

/**
 * `kind` names the function that sets a case up, on our side and on PyTorch's. `bar` bounds our
 * time as a share of PyTorch 1.13's, `memoryBar` our peak memory likewise, `lossBar` how far our
 * losses may be from any PyTorch's. (PyTorch's own are within 1e-6 of each other, and of float64.)
 */
export const cases = {
  a: {
    title: 'SASRec training step, 256 × 50, dimension 64',
    kind: 'trainingStep',
    shape,
    warmUp: 3,
    runs: 5,
    lossBar: 1e-5,
    bar: 0.5,
    memoryBar: 1.5,
    /** Least share of the step's time inside matrix multiplication. */
    multiplicationBar: 0.65,
    /** Most seconds from the step's code to a session that is ready. */
    setupBar: 2,
  },
  b: {
    title: 'SASRec training step, 512 × 20, dimension 64',
    kind: 'trainingStep',
    shape: { ...shape, batch: 512, length: 20 },
    warmUp: 3,
    runs: 5,
    lossBar: 1e-5,
    bar: 0.6,
  },
  c: {
    title: 'SASRec training step, 256 × 50, dimension 128',
    kind: 'trainingStep',
    shape: { ...shape, dimension: 128 },
    warmUp: 3,
    runs: 5,
    lossBar: 1e-5,
    bar: 0.6,
  },
  d: {
    title: 'DPO step as (a), pool of 50, cached reference',
    kind: 'preferenceStep',
    shape: { ...shape, poolSize: 50, beta: 0.1 },
    warmUp: 3,
    runs: 5,
    /** Most our step may take, as a share of our own step of (a). */
    plainStepBar: 1.25,
  },
  e: {
    title: 'full ranking, one pass over all users',
    kind: 'fullRanking',
    shape: { ...shape, itemCount: 12_101 },
    warmUp: 0,
    runs: 1,
    bar: 0.7,
  },
  f: {
    title: 'one epoch of all-position cross-entropy, dropout .4',
    kind: 'trainingEpoch',
    shape: { ...shape, itemCount: 12_101, dropout: 0.4 },
    warmUp: 0,
    runs: 1,
    bar: 0.3,
    memoryBar: 1.5,
    needsData: true,
  },
  g: {
    title: 'training step as (a) on an idle and on a loaded machine, by spinning',
    kind: 'trainingStep',
    shape,
    warmUp: 3,
    runs: 2,
    /** Most our step may take on either, as a share of tfjs-node's. */
    peerBar: 1.05,
    underLoads: true,
  },
};

/** The only PyTorch that has bars: Debian's. Others are reported. */
export const isBarred = (version) => version.startsWith('1.13.');
