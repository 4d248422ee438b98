import { createRoute, z } from '@hono/zod-openapi';
import { type RecommendRequest, UnknownItemError } from '@rodpo/serving';
import { bundleInService } from './bundle-in-service.ts';
import type { App, RouteContext } from './environment.ts';
import { itemFilter } from './item-filter.ts';
import { documentedErrors, jsonOf } from './route-parts.ts';
import type { RequestBody } from './schemas.ts';
import { withinTime } from './within-time.ts';

/** `POST /recommend`: one request, or a list of them. */
export function addRecommend(app: App, context: RouteContext): void {
  const { schemas, settings, metrics } = context;
  const route = createRoute({
    method: 'post',
    path: '/recommend',
    summary: 'What to recommend after a history, or after each of many',
    security: settings.token ? [{ token: [] }] : [],
    request: { body: { required: true, ...jsonOf(schemas.requests) } },
    responses: {
      200: { description: 'An answer; of a list, one of each.', ...jsonOf(schemas.answers) },
      ...documentedErrors(schemas, [400, 413, 415, 429, 503, 504]),
    },
  });
  app.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const bundle = bundleInService(c, context);
    const requests = (Array.isArray(body) ? body : [body]).map(requestOf);
    for (const [index, request] of requests.entries()) {
      bundle.recommender.check(request, Array.isArray(body) ? `[${index}]` : 'request');
    }
    const answers = await withinTime((signal) => bundle.recommend(requests, signal), {
      timeoutMs: settings.timeoutMs,
      client: c.req.raw.signal,
    });
    for (const { unknown } of answers) metrics.unknown.inc(unknown.length);
    return c.json(Array.isArray(body) ? answers : answers[0]!, 200);
  });
}

/** What came from JSON has no field that is there and undefined. */
function requestOf({ filter, ...rest }: RequestBody): RecommendRequest {
  return { ...(rest as RecommendRequest), ...(filter ? { filter: itemFilter(filter) } : {}) };
}

/** `GET /items/:id/similar`. */
export function addSimilar(app: App, context: RouteContext): void {
  const { schemas, settings } = context;
  const route = createRoute({
    method: 'get',
    path: '/items/{id}/similar',
    summary: 'The items most similar to one',
    security: settings.token ? [{ token: [] }] : [],
    request: {
      params: z.object({ id: z.string().openapi({ param: { name: 'id', in: 'path' } }) }),
      query: z.object({ count: schemas.count }),
    },
    responses: {
      200: { description: 'Most similar first.', ...jsonOf(schemas.items) },
      ...documentedErrors(schemas, [400, 404, 429, 503, 504]),
    },
  });
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { count } = c.req.valid('query');
    const bundle = bundleInService(c, context);
    if (!bundle.recommender.item(id)) throw new UnknownItemError(id);
    const options = count === undefined ? {} : { count };
    const items = await withinTime((signal) => bundle.similar(id, options, signal), {
      timeoutMs: settings.timeoutMs,
      client: c.req.raw.signal,
    });
    return c.json({ items }, 200);
  });
}
