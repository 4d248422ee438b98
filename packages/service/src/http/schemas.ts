import { z } from '@hono/zod-openapi';
import { quoteList } from '@rodpo/errors';
import type { Answer, AnswerItem } from '@rodpo/serving';
import type { ErrorBody } from './http-error.ts';
import type { ItemFilterBody } from './item-filter.ts';

/** A request as JSON has it: `RecommendRequest` with a filter that is plain data. */
export interface RequestBody {
  readonly history?: readonly string[] | undefined;
  readonly times?: readonly number[] | undefined;
  readonly count?: number | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly filter?: ItemFilterBody | undefined;
  readonly repeats?: boolean | undefined;
  readonly diversity?: number | undefined;
}

/** Items of one answer. An answer is held in memory as text, whoever asked for it. */
const mostItems = 1000;

/** Requests of one list: as many as may wait, and no more than one answer should hold. */
const mostRequests = 256;

/** Nothing but what is listed: a field with a slip in its name would be passed over in silence. */
const strict = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys'
        ? `expected no other fields than ${quoteList(Object.keys(shape))}, got ${quoteList(keys as string[])}`
        : undefined,
  });

const count = z.int().min(1).max(mostItems).optional();
const ids = (description: string) => z.array(z.string()).optional().openapi({ description });

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const condition = z
  .union([
    scalar,
    z.array(scalar),
    strict({ from: z.number().optional(), to: z.number().optional() }),
  ])
  .openapi('Condition', {
    description: 'A value, one of several values, or a range of numbers with both ends in it.',
  });

/** A record of zod's leaves this name out, so that the answer would be one without its condition. */
function refuseProto(attributes: unknown, { addIssue }: z.RefinementCtx): unknown {
  if (typeof attributes === 'object' && attributes && Object.hasOwn(attributes, '__proto__')) {
    addIssue('expected names of attributes, got "__proto__", by which nothing can be filtered');
  }
  return attributes;
}

const filter = strict({
  ids: ids('Only these.'),
  attributes: z.preprocess(refuseProto, z.record(z.string(), condition)).optional().openapi({
    description: 'Only items with all of these; of a list of values, one must fit.',
  }),
}).openapi('Filter');

const request: z.ZodType<RequestBody> = strict({
  history: ids('Ids of what was chosen, oldest first. Without it, the popular items.'),
  times: z.array(z.number()).optional().openapi({
    description: 'When, one of each item of the history; only for models that read times.',
  }),
  count: count.openapi({ description: 'How many items. Default 10.' }),
  exclude: ids('Items that must not come.'),
  filter: filter.optional(),
  repeats: z.boolean().optional().openapi({
    description: 'Whether items of the history may come again. Default false.',
  }),
  diversity: z.number().min(0).max(1).optional().openapi({
    description: '0 is by score alone (the default), 1 by difference alone.',
  }),
}).openapi('Request');

// What is absent from an answer is not there; `exactOptional` would say so, and be described as required.
const item = z
  .object({
    id: z.string(),
    score: z.number(),
    title: z.string().optional(),
    image: z.string().optional(),
    attributes: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi('Item') as unknown as z.ZodType<AnswerItem>;

const answer: z.ZodType<Answer> = z
  .object({
    items: z.array(item).openapi({ description: 'Best first.' }),
    source: z.enum(['model', 'popularity']),
    unknown: z.array(z.string()).openapi({
      description: 'Ids of the history that the bundle does not have, which were left out.',
    }),
  })
  .openapi('Answer');

const error = z
  .object({
    code: z.string(),
    message: z.string(),
    requestId: z.string(),
    problems: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi('Error') as unknown as z.ZodType<ErrorBody>;

/** What goes in and out, once for checking and for the document. */
export interface Schemas {
  readonly requests: z.ZodType<RequestBody | RequestBody[]>;
  readonly answers: z.ZodType<Answer | Answer[]>;
  readonly items: z.ZodType<{ items: AnswerItem[] }>;
  readonly error: z.ZodType<ErrorBody>;
  /** Of a query: a text that says a number. */
  readonly count: z.ZodType<number | undefined, string | undefined>;
}

export function schemasOf({ queueSize }: { readonly queueSize: number }): Schemas {
  const most = Math.min(queueSize, mostRequests);
  return {
    requests: z.union([request, z.array(request).min(1).max(most)]),
    answers: z.union([answer, z.array(answer)]),
    items: z.object({ items: z.array(item) }).openapi('Similar'),
    error,
    count: z
      .string()
      .regex(/^\d{1,9}$/, 'expected a whole number')
      .transform(Number)
      .pipe(z.int().min(1).max(mostItems))
      .optional()
      .openapi({
        param: { name: 'count', in: 'query' },
        type: 'integer',
        minimum: 1,
        maximum: mostItems,
        description: 'How many items. Default 10.',
      }),
  };
}
