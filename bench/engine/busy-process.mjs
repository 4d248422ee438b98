// Computes without end while its parent says `true`; ends with it.
let isBusy = false;

/** Short enough to hear the parent in between. */
const spellMilliseconds = 20;

function compute() {
  if (!isBusy) return;
  const end = performance.now() + spellMilliseconds;
  while (performance.now() < end);
  setImmediate(compute);
}

process.on('message', (shallBeBusy) => {
  const wasBusy = isBusy;
  isBusy = shallBeBusy;
  if (!wasBusy) compute();
});
process.on('disconnect', () => process.exit());
