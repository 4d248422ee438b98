import { docsPage, docsPolicy, type ShownDocument } from '../docs/docs-page.ts';
import type { App, RouteContext } from './environment.ts';

/** `/openapi.json` and `/docs`: what the routes that were added so far take and give. */
export function addDocuments(app: App, { settings }: RouteContext): void {
  if (settings.token) {
    const scheme = { type: 'http', scheme: 'bearer' } as const;
    app.openAPIRegistry.registerComponent('securitySchemes', 'token', scheme);
  }
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Recommendations',
      version: '1',
      description: 'What a sequential recommender answers: items for a history, and similar items.',
    },
  });
  app.get('/openapi.json', (c) => c.json(document));
  app.get('/docs', async (c) => {
    c.header('Content-Security-Policy', docsPolicy);
    return c.html(await docsPage(document as ShownDocument));
  });
}
