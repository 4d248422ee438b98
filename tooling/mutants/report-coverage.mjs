import { afterAll, beforeAll, inject } from 'vitest';

const counted = () => globalThis[inject('globalNamespace')] ?? {};

/** What a file's tests have reached outside of any test: modules as they load, then hooks. */
const reached = () => counted().mutantCoverage?.static ?? {};

// A kept worker still has the last mutant on, and loads the test's module before the next is on.
if (inject('mode') === 'mutant' && inject('mutantActivation') !== 'static') {
  counted().activeMutant = undefined;
}

let loaded;
beforeAll(() => {
  loaded = { ...reached() };
});

// Vitest 4.1 refuses a hook whose first parameter does not take a context apart, as StrykerJS 9.3 has it:
// what that counts would reach nobody, and each mutant would meet every test.
// biome-ignore lint/correctness/noEmptyPattern: nothing of the context is wanted.
afterAll(({}, suite) => {
  if (inject('mode') === 'mutant') {
    suite.meta.hitCount = counted().hitCount;
    return;
  }
  shareHooks(suite);
  suite.meta.mutantCoverage = counted().mutantCoverage;
});

/**
 * What a hook reaches, each test of the file may notice. StrykerJS takes it for code that runs while a
 * module is loaded, which all tests of all files have to meet, in a worker of their own.
 */
function shareHooks(file) {
  const coverage = counted().mutantCoverage;
  for (const [mutant, count] of Object.entries(reached())) {
    const inHooks = count - (loaded[mutant] ?? 0);
    if (inHooks === 0) continue;
    if (loaded[mutant]) coverage.static[mutant] = loaded[mutant];
    else delete coverage.static[mutant];
    for (const id of testsOf(file, file.filepath)) {
      coverage.perTest[id] ??= {};
      coverage.perTest[id][mutant] = (coverage.perTest[id][mutant] ?? 0) + inHooks;
    }
  }
}

/** StrykerJS's names of the tests that ran: `<path>#<names of suites and test>`. */
function testsOf(suite, path, names = []) {
  return suite.tasks.flatMap((task) => {
    const own = [...names, task.name];
    if (task.type === 'suite') return testsOf(task, path, own);
    return task.result?.state === 'pass' ? [`${path}#${own.join(' ').trim()}`] : [];
  });
}
