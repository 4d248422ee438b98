import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Logger } from 'pino';
import type { ServiceMetrics } from '../metrics/service-metrics.ts';
import type { Environment } from './environment.ts';

/** A line in the log and a count of every request, whatever became of it. */
export function watchRequests(
  metrics: ServiceMetrics,
  logger: Logger,
): MiddlewareHandler<Environment> {
  return async (c, next) => {
    const started = performance.now();
    await next();
    const latencyMs = performance.now() - started;
    const { method, path } = c.req;
    const { status } = c.res;
    // The pattern, not the path: ids would make a series each. Middlewares match everything.
    const route = matchedRoutes(c).findLast((one) => one.method === method)?.path ?? 'none';
    metrics.requests.inc({ route, method, status });
    metrics.seconds.observe({ route }, latencyMs / 1000);
    const line = { requestId: c.get('requestId'), method, path, status, latencyMs };
    logger[status === 500 ? 'error' : 'info'](line, 'request');
  };
}
