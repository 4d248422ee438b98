// What a bench reports: figures, some of which have a bar.
export const figure = (name, value, unit, bar = null, pass = true) => ({
  name,
  value,
  unit,
  bar,
  pass,
});

export const atMost = (name, value, unit, bar) => figure(name, value, unit, bar, value <= bar);

export const atLeast = (name, value, unit, bar) => figure(name, value, unit, bar, value >= bar);

/** Shows the figures, as JSON on standard output if wanted; the process fails if one does not pass. */
export function conclude(cases, { json }) {
  const say = json ? console.error : console.log;
  for (const { name, value, unit, bar, pass } of cases) {
    const judged = bar === null ? '' : `  bar ${bar}: ${pass ? 'pass' : 'FAIL'}`;
    say(`${name}: ${value.toPrecision(4)} ${unit}${judged}`);
  }
  if (json) console.log(JSON.stringify({ cases }));
  process.exitCode = cases.every(({ pass }) => pass) ? 0 : 1;
}
