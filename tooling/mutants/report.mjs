/** What a report of StrykerJS says, by its published schema (mutation-testing-report-schema). */

const detected = new Set(['Killed', 'Timeout']);
const undetected = new Set(['Survived', 'NoCoverage']);

/** Every mutant of the report that counts, with the line it stands in and what it says instead. */
export function mutantsOf({ files }) {
  return Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants
      .filter((mutant) => detected.has(mutant.status) || undetected.has(mutant.status))
      .filter(isTried)
      .map((mutant) => ({
        file,
        line: mutant.location.start.line,
        source: lines[mutant.location.start.line - 1].trim(),
        mutator: mutant.mutatorName,
        replacement: mutant.replacement ?? '',
        status: mutant.status,
        survived: undetected.has(mutant.status),
      }));
  });
}

/** How many mutants came to which end. */
export function countsOf(mutants) {
  const counts = {};
  for (const { status } of mutants) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Whether all tests that reach the mutant have met it: else a run says nothing of its survival. */
const isTried = ({ status, testsCompleted = 0, coveredBy = [] }) =>
  status !== 'CompileError' && !(status === 'Survived' && testsCompleted < coveredBy.length);

/** The report without what more tests can change: mutants that survived, or that were not tried. */
export function settledIn(report) {
  const settled = (file) => ({
    ...file,
    mutants: file.mutants.filter(({ status }) => status === 'Ignored' || detected.has(status)),
  });
  const files = Object.entries(report.files).map(([name, file]) => [name, settled(file)]);
  return { ...report, files: Object.fromEntries(files) };
}

/** How many mutants count neither way, since not all of their tests ran. */
export function untriedIn({ files }) {
  const mutants = Object.values(files).flatMap((file) => file.mutants);
  return mutants.filter((one) => one.status === 'Survived' && !isTried(one)).length;
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
