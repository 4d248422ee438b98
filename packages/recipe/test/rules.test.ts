import { flatSequences, leaveOneOut, type RankingCase } from '@rodpo/data';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markovRule, popularityRule, type Rule } from '../src/index.ts';

const sequencesOf = (rows: readonly (readonly number[])[]) =>
  flatSequences(rows.map((row) => Int32Array.from(row)));

const caseOf = (history: readonly number[], target: number): RankingCase => ({
  user: 0,
  history: Int32Array.from(history),
  target,
});

const ranks = (rule: Rule, cases: readonly RankingCase[]) => {
  const { all, masked } = rule.bothRanks(cases);
  return { all: [...all], masked: [...masked] };
};

// Item 0 was chosen three times, 1 and 2 twice, 3 once, 4 and 5 never; after 0 came 1 twice and 2 once.
const train = sequencesOf([[0, 1, 2], [3, 0, 1], [0, 2], []]);

test('popularity: ties count against the target, and what was never chosen stands last', () => {
  const cases = [caseOf([3], 0), caseOf([3], 1), caseOf([0, 1], 2), caseOf([0, 1], 5)];

  expect(ranks(popularityRule(train, 6), cases)).toEqual({
    all: [1, 3, 3, 6],
    masked: [1, 3, 1, 4],
  });
});

test('a Markov chain: what followed the last item, then all others by popularity', () => {
  const rule = markovRule(train, 6);
  const cases = [
    caseOf([3, 0], 1), // twice after 0
    caseOf([1, 0], 2), // once, behind 1, which the user had
    caseOf([0], 0), // never: behind 1 and 2, the most popular of the others
    caseOf([0], 3),
    caseOf([0], 4), // ties with 5
    caseOf([5], 1), // nothing followed 5: by popularity, where 2 ties
  ];

  expect(ranks(rule, cases)).toEqual({ all: [1, 2, 3, 4, 6, 3], masked: [1, 1, 3, 3, 5, 3] });
});

/** Scores of every item, and the rank by counting them. */
function bySorting(scoreOf: (item: number) => readonly [number, number], itemCount: number) {
  return ({ history, target }: RankingCase, masked: boolean) => {
    const [times, popularity] = scoreOf(target);
    let rank = 0;
    for (let item = 0; item < itemCount; item++) {
      if (masked && item !== target && history.includes(item)) continue;
      const [own, other] = scoreOf(item);
      if (own > times || (own === times && other >= popularity)) rank++;
    }
    return rank;
  };
}

test('ranks are those of scoring every item, whatever was chosen', () => {
  const row = fc.array(fc.nat(7), { minLength: 0, maxLength: 9 });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
      const itemCount = 9;
      const { train: learned, test: cases } = leaveOneOut(sequencesOf(rows));
      const flat = [...learned].map((sequence) => [...sequence]);
      const popularity = (item: number) => flat.flat().filter((one) => one === item).length;
      const after = (last: number, item: number) =>
        flat.flatMap((own) => own.slice(1).filter((one, at) => own[at] === last && one === item))
          .length;
      const found = {
        popularity: popularityRule(learned, itemCount).bothRanks(cases),
        markov: markovRule(learned, itemCount).bothRanks(cases),
      };
      for (const [place, one] of cases.entries()) {
        const last = one.history.at(-1)!;
        const popular = bySorting((item) => [0, popularity(item)], itemCount);
        const chain = bySorting((item) => [after(last, item), popularity(item)], itemCount);
        expect(found.popularity.all[place]).toBe(popular(one, false));
        expect(found.popularity.masked[place]).toBe(popular(one, true));
        expect(found.markov.all[place]).toBe(chain(one, false));
        expect(found.markov.masked[place]).toBe(chain(one, true));
      }
    }),
  );
});
