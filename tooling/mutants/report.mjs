/** What a report of StrykerJS says, by its published schema (mutation-testing-report-schema). */

const detected = new Set(['Killed', 'Timeout']);
const undetected = new Set(['Survived', 'NoCoverage']);

/** Every mutant of the report that counts, with the line it stands in and what it says instead. */
export function mutantsOf({ files }) {
  return Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants
      .filter(({ status }) => detected.has(status) || undetected.has(status))
      .map((mutant) => ({
        file,
        line: mutant.location.start.line,
        source: lines[mutant.location.start.line - 1].trim(),
        mutator: mutant.mutatorName,
        replacement: mutant.replacement ?? '',
        survived: undetected.has(mutant.status),
      }));
  });
}

/** Share of mutants that a test noticed, from 0 to 1. */
export function scoreOf(mutants) {
  return mutants.filter(({ survived }) => !survived).length / mutants.length;
}

/** Survivors that no explanation is about. An explanation holds for its line wherever it moves. */
export function unexplained(mutants, explanations) {
  const isAbout = (mutant) => (known) =>
    known.file === mutant.file &&
    known.source === mutant.source &&
    known.mutator === mutant.mutator &&
    (known.replacement === undefined || known.replacement === mutant.replacement);
  return mutants.filter((mutant) => mutant.survived && !explanations.some(isAbout(mutant)));
}
