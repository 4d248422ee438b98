import type { z } from 'zod';
import type { ErrorBody } from './http-error.ts';
import type { Schemas } from './schemas.ts';

/** A body of JSON, for the document. */
export const jsonOf = <Schema extends z.ZodType>(
  schema: Schema,
): { content: { 'application/json': { schema: Schema } } } => ({
  content: { 'application/json': { schema } },
});

const descriptions = {
  400: 'The request does not fit; `problems` says where.',
  404: 'The bundle has no such item.',
  409: 'The folder holds no bundle that can be put in service; the old one stays.',
  413: 'The body is larger than allowed.',
  415: 'The body does not say that it is JSON.',
  429: 'Too many requests are waiting; `Retry-After` says when to ask again.',
  503: 'No bundle is in service (`code` says why), or the turn did not come in time.',
  504: 'The answer was not there in time.',
} as const;

type Documented = {
  description: string;
  content: { 'application/json': { schema: z.ZodType<ErrorBody> } };
};

/** Errors that a route may answer with, for the document. */
export function documentedErrors<Status extends keyof typeof descriptions>(
  { error }: Schemas,
  statuses: readonly Status[],
): Record<Status, Documented> {
  const documented = statuses.map((status): [string, Documented] => [
    `${status}`,
    { description: descriptions[status], ...jsonOf(error) },
  ]);
  return Object.fromEntries(documented) as Record<Status, Documented>;
}
