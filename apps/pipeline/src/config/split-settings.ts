import { z } from 'zod';
import { count } from './count-setting.ts';

const share = z.number().min(0).lt(1);
const shares = { validation: share.default(0.1), test: share.default(0.1) };

/** Seconds since 1970, or a date as `2014-01-31` or `2014-01-31T12:00:00Z`, in UTC. */
const moment = z.union([z.number(), z.iso.date(), z.iso.datetime()]);

/** What is learned from, what selects a model and what is reported, as `@rodpo/data` explains it. */
export const splitSection = z
  .discriminatedUnion('kind', [
    /** The last item of each user tests, the one before validates. */
    z.strictObject({ kind: z.literal('leave-one-out') }),
    /** Each of the last `count` items of a user tests, each of as many before validates. */
    z.strictObject({ kind: z.literal('leave-n-out'), count }),
    /** Shares of the length of each sequence. */
    z.strictObject({ kind: z.literal('ratio'), ...shares }),
    /** The same two moments for everyone: no one's future is learned from. */
    z.strictObject({ kind: z.literal('time'), validationFrom: moment, testFrom: moment }),
    /** Whole users: how good is it for people it has never met? The seed is not the run's: all runs hold out the same. */
    z.strictObject({ kind: z.literal('users'), ...shares, seed: z.int().default(1) }),
  ])
  .prefault({ kind: 'leave-one-out' });

export type SplitSettings = z.output<typeof splitSection>;
