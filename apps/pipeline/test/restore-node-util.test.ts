import { createRequire } from 'node:module';
import util from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { restoreNodeUtil } from '../src/engine/restore-node-util.ts';

const known: Record<string, unknown> = util as never;
const { isArray, isNullOrUndefined } = known;
afterEach(() => Object.assign(util, { isArray, isNullOrUndefined }));

test('what this Node has is kept', () => {
  const own = () => true;
  known.isNullOrUndefined = own;
  restoreNodeUtil();
  expect(known.isNullOrUndefined).toBe(own);
});

test('what it lacks is there for whoever requires util', () => {
  delete known.isNullOrUndefined;
  delete known.isArray;
  restoreNodeUtil();
  const required = createRequire(import.meta.url)('util');

  const values = [null, undefined, 0, '', [], {}];
  expect(values.map(required.isNullOrUndefined)).toEqual([true, true, false, false, false, false]);
  expect(values.map(required.isArray)).toEqual([false, false, false, false, true, false]);
});
