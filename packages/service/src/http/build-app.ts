import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { requestId } from 'hono/request-id';
import { addRecommend, addSimilar } from './answer-routes.ts';
import { addDocuments } from './document-routes.ts';
import type { App, Environment, RouteContext } from './environment.ts';
import { errorResponse } from './error-response.ts';
import { requireJson, requireToken } from './guards.ts';
import { HttpError } from './http-error.ts';
import { problemsOf } from './problems-of.ts';
import { addMetrics, addReload, addStatus } from './status-routes.ts';
import { watchRequests } from './watch-requests.ts';

/** All routes, behind what every request passes. */
export function buildApp(context: RouteContext): App {
  const { settings, metrics, isStopping } = context;
  const { logger, token, bodyLimitBytes } = settings;
  const app: App = new OpenAPIHono<Environment>({
    defaultHook: (result) => {
      if (result.success) return;
      const problems = problemsOf(result.error.issues);
      const [first] = problems;
      const message = `The request does not fit: ${first!.path ? `${first!.path}: ` : ''}${first!.message}.`;
      throw new HttpError(400, 'bad-request', { message, problems });
    },
  });
  app.onError((error, c) => errorResponse(error, c, { logger }));
  app.notFound((c) => {
    const message = 'There is no such route. /docs lists those that there are.';
    return errorResponse(new HttpError(404, 'no-route', { message }), c, { logger });
  });

  app.use(requestId(), watchRequests(metrics, logger));
  app.use(async (c, next) => {
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    // A connection that stays open would be answered as long as its client likes.
    if (isStopping()) c.header('Connection', 'close');
  });
  if (token) {
    for (const path of ['/recommend', '/items/*', '/metrics', '/admin/*']) {
      app.use(path, requireToken(token));
    }
  }
  app.use(bodyLimit({ maxSize: bodyLimitBytes, onError: () => tooLarge(bodyLimitBytes) }));
  app.on('POST', '/recommend', requireJson);

  addRecommend(app, context);
  addSimilar(app, context);
  addStatus(app, context);
  addMetrics(app, context);
  addReload(app, context);
  addDocuments(app, context);
  return app;
}

function tooLarge(bodyLimitBytes: number): never {
  const message = `The body is larger than ${bodyLimitBytes} bytes. Send fewer requests at a time.`;
  throw new HttpError(413, 'too-large', { message });
}
