import { createRoute, z } from '@hono/zod-openapi';
import { bundleInService, lackOf } from './bundle-in-service.ts';
import type { App, RouteContext } from './environment.ts';
import { HttpError } from './http-error.ts';
import { documentedErrors, jsonOf } from './route-parts.ts';

/** `/health`: the process lives. `/ready`: it can answer, so that requests may be sent to it. */
export function addStatus(app: App, context: RouteContext): void {
  const health = createRoute({
    method: 'get',
    path: '/health',
    summary: 'Whether the process lives',
    responses: {
      200: { description: 'It does.', ...jsonOf(z.object({ status: z.literal('alive') })) },
    },
  });
  app.openapi(health, (c) => c.json({ status: 'alive' as const }, 200));

  const ready = createRoute({
    method: 'get',
    path: '/ready',
    summary: 'Whether requests can be answered, and by which bundle',
    responses: {
      200: {
        description: 'They can.',
        ...jsonOf(
          z.object({
            status: z.literal('ready'),
            model: z.string(),
            version: z.string(),
            itemCount: z.int(),
          }),
        ),
      },
      ...documentedErrors(context.schemas, [503]),
    },
  });
  app.openapi(ready, (c) => {
    // What has come is still answered, but nothing more should be sent.
    if (context.isStopping()) throw lackOf('stopping');
    const { version, recommender } = bundleInService(c, context);
    const { model, itemCount } = recommender.manifest;
    return c.json({ status: 'ready' as const, model, version, itemCount }, 200);
  });
}

/** `/metrics`, as text that Prometheus reads. */
export function addMetrics(app: App, { metrics, settings }: RouteContext): void {
  const { registry } = metrics;
  const route = createRoute({
    method: 'get',
    path: '/metrics',
    summary: 'Figures for Prometheus',
    security: settings.token ? [{ token: [] }] : [],
    responses: {
      200: {
        description: 'Counters, gauges and histograms.',
        content: { 'text/plain': { schema: z.string() } },
      },
    },
  });
  app.openapi(route, async (c) => {
    const text = await (settings.siblings ?? registry).metrics();
    return c.text(text, 200, { 'Content-Type': registry.contentType });
  });
}

/** `POST /admin/reload`: there only where a token guards it. */
export function addReload(app: App, context: RouteContext): void {
  const { holder, schemas, settings } = context;
  if (!settings.token) return;
  const done = z.object({ version: z.string(), model: z.string() });
  const route = createRoute({
    method: 'post',
    path: '/admin/reload',
    summary: 'Open the folder again and put what it holds now in service',
    security: [{ token: [] }],
    responses: {
      200: { description: 'What is in service now.', ...jsonOf(done) },
      ...documentedErrors(schemas, [409, 503]),
    },
  });
  app.openapi(route, async (c) => {
    try {
      await (settings.siblings ?? holder).reload();
    } catch (error) {
      throw new HttpError(409, 'reload-refused', { message: (error as Error).message });
    }
    const { version, recommender } = bundleInService(c, context);
    return c.json({ version, model: recommender.manifest.model }, 200);
  });
}
