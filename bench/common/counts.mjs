/** Options that are whole numbers of 1 or more, in the order of their names. @throws {Error} for any other */
export function counts(values, names) {
  return names.map((name) => {
    const count = Number(values[name]);
    if (Number.isInteger(count) && count > 0) return count;
    throw new Error(`Expected --${name} of 1 or more, got ${values[name]}.`);
  });
}
