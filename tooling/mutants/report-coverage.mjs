import { afterAll, inject } from 'vitest';

// Vitest 4.1 refuses a hook whose first parameter does not take a context apart, as StrykerJS 9.3 has it:
// what that counts would reach nobody, and each mutant would meet every test.
// biome-ignore lint/correctness/noEmptyPattern: nothing of the context is wanted.
afterAll(({}, suite) => {
  const counted = globalThis[inject('globalNamespace')] ?? {};
  if (inject('mode') === 'mutant') suite.meta.hitCount = counted.hitCount;
  else suite.meta.mutantCoverage = counted.mutantCoverage;
});
