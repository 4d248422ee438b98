import { readFileSync } from 'node:fs';

const outcomes = [
  'passes',
  'needs a kernel that is not mapped',
  'fails, as expected',
  'is not run',
] as const;

/** Counts tests by outcome and reason. */
export class Report {
  readonly #counts = new Map(outcomes.map((outcome) => [outcome, new Map<string, number>()]));

  add(outcome: (typeof outcomes)[number], reason: string): void {
    const counts = this.#counts.get(outcome)!;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }

  get total(): number {
    const counts = [...this.#counts.values()].flatMap((counts) => [...counts.values()]);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** A table in Markdown, in columns. */
  toString(): string {
    const rows = [...this.#counts].flatMap(([outcome, counts]) =>
      [...counts]
        .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
        .map(([reason, count]) => [`${count}`, outcome, reason]),
    );
    const table = [['tests', 'each', 'why'], ...rows];
    const width = (column: number) => Math.max(...table.map((row) => row[column]!.length));
    const lines = table.map(([count, outcome, reason]) => [
      count!.padStart(width(0)),
      outcome!.padEnd(width(1)),
      reason!.padEnd(width(2)),
    ]);
    const dashes = [0, 1, 2].map((column) =>
      '-'.repeat(width(column)).replace(/-$/, column ? '-' : ':'),
    );
    return lines
      .toSpliced(1, 0, dashes)
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n');
  }
}

/** The page that shows a report, with the day on which it became what it is. */
export function page(file: URL, versions: string, report: Report): string {
  const known = readFileSync(file, 'utf8');
  const written = (day: string) => `# tfjs's own tests of its ops

tfjs publishes its tests. Here they run on compiled ops: an op is recorded as in a trace, and what a
test reads is computed by onnxruntime, from the part of the graph that it needs. They compare within
1e-3, where our own tests compare with the cpu backend more closely.

${report.total} tests, ${versions}, ${day}:

${report}

[exclusions.ts](test/tfjs-ops/exclusions.ts) says which tests and kernels are meant. The tests write
this page when it is no longer true:

    npx vitest run --config ../../tooling/vitest.package.ts test/tfjs-ops -u
`;
  const day = /\d{4}-\d{2}-\d{2}/.exec(known)?.[0];
  if (day && written(day) === known) return known;
  return written(new Date().toISOString().slice(0, 10));
}
