import { expect, test } from 'vitest';
import { refused, runs } from './deferred-backend.ts';
import { exclusions, unmappedKernels } from './exclusions.ts';
import type { Define } from './jasmine.ts';
import { Report } from './report.ts';

export const report: Report = new Report();

/** How many tests there are, and how many vitest was asked for. */
export const counts: { defined: number; run: number } = { defined: 0, run: 0 };

const patterns = exclusions.flatMap((exclusion) =>
  exclusion.tests.map((pattern) => ({ pattern, ...exclusion })),
);
const reasons = new Map(
  Object.entries(unmappedKernels).flatMap(([reason, kernels]) =>
    kernels.map((kernel) => [kernel, reason] as const),
  ),
);
const met = new Set<RegExp | string>();

/** Makes a test of one of tfjs's, by what `exclusions` says of it. */
export const defineTest: Define = (suites, name, body) => {
  counts.defined++;
  const path = [...suites, name].join(' > ');
  const excluded = patterns.find(({ pattern }) => pattern.test(path));
  if (excluded) met.add(excluded.pattern);
  if (excluded?.outcome === 'skipped') {
    report.add('is not run', excluded.reason);
    counts.run++;
    test.skip(name, () => {});
  } else if (excluded) {
    test.fails(name, () => expectFailure(body, excluded.reason));
  } else {
    test(name, async ({ skip }) => {
      const missing = await outcomeOf(body);
      if (missing) skip(missing);
    });
  }
};

async function expectFailure(body: () => Promise<void>, reason: string): Promise<void> {
  counts.run++;
  try {
    await body();
  } catch (error) {
    report.add('fails, as expected', reason);
    throw error;
  }
}

/** Runs a test; what it missed if it came upon kernels that are known to have no rule. */
async function outcomeOf(body: () => Promise<void>): Promise<string | undefined> {
  counts.run++;
  refused.clear();
  runs.count = 0;
  let failure: unknown;
  await body().catch((error: unknown) => {
    failure = error;
  });
  // Even if the test passed: it may have expected an error, and got ours.
  const [missing] = refused;
  if (missing !== undefined) {
    met.add(missing);
    const reason = reasons.get(missing);
    if (reason === undefined) throw new Error(`${missing} is not listed as unmapped: ${failure}`);
    report.add('needs a kernel that is not mapped', reason);
    return missing;
  }
  if (failure !== undefined) throw failure;
  report.add(
    'passes',
    runs.count > 0 ? 'with results of onnxruntime' : 'without: it checks errors or shapes',
  );
  return undefined;
}

/** Fails if the lists of `exclusions` name what no test met. */
export function expectNothingStale(): void {
  expect({
    patterns: patterns.map(({ pattern }) => pattern).filter((pattern) => !met.has(pattern)),
    kernels: [...reasons.keys()].filter((kernel) => !met.has(kernel)),
  }).toEqual({ patterns: [], kernels: [] });
}
