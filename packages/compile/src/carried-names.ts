/**
 * What state and variables are called outside of the program that carries them, by their names in
 * it. tfjs numbers the variables it isn't given a name for, such as an optimiser's moments, through
 * the whole process; numbered within the program, they are called the same in the next process.
 */
export function carriedNames(names: Iterable<string>): Map<string, string> {
  const all = [...names];
  const isNumber = (name: string) => /^\d+$/.test(name);
  const numbered = all.filter(isNumber).sort((a, b) => Number(a) - Number(b));
  const shown = (name: string) => (isNumber(name) ? `unnamed/${numbered.indexOf(name)}` : name);
  return new Map(all.map((name) => [name, shown(name)]));
}
