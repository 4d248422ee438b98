import { createHash } from 'node:crypto';

/**
 * Keeps a share of the mutants, the same for a seed on every machine; StrykerJS counts the others as
 * not compiling. A larger share holds the smaller ones.
 */
export class Sample {
  static inject = [];
  #share = Number(process.env.RODPO_MUTANTS_SAMPLE ?? 1);
  #seed = process.env.RODPO_MUTANTS_SEED ?? '1';

  async init() {}

  async check(mutants) {
    const results = mutants.map((mutant) => [
      mutant.id,
      this.#isKept(mutant)
        ? { status: 'passed' }
        : { status: 'compileError', reason: 'not in the sample' },
    ]);
    return Object.fromEntries(results);
  }

  #isKept({ fileName, location: { start, end }, mutatorName, replacement }) {
    const file = fileName.replaceAll('\\', '/').split('/src/').at(-1);
    const mutant = [this.#seed, file, start.line, start.column, end.line, end.column, mutatorName];
    const hash = createHash('sha256')
      .update([...mutant, replacement].join(':'))
      .digest();
    return hash.readUInt32BE() / 2 ** 32 < this.#share;
  }
}

export const strykerPlugins = [{ kind: 'Checker', name: 'sample', injectableClass: Sample }];
