import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';

/** Of an OpenAPI document, what the page shows. */
export interface ShownDocument {
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description?: string;
  };
  readonly paths?: Readonly<Record<string, object>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

interface Operation {
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    name: string;
    in: string;
    required?: boolean;
    schema?: unknown;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema?: unknown }>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
pre { background: #f4f4f4; color: #111; padding: .75rem; overflow: auto; }
h2 { border-top: 1px solid #ccc; padding-top: 1rem; font-family: monospace; }
td { padding-right: 1rem; vertical-align: top; }`;

/** Nothing may be loaded, and no style applies but the page's own. */
export const docsPolicy: string = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A page that lists what an OpenAPI document describes: no script, nothing from elsewhere. */
export async function docsPage({ info, paths = {}, components }: ShownDocument): Promise<string> {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      operationSection(`${method.toUpperCase()} ${path}`, operation as Operation),
    ),
  );
  const schemas = Object.entries(components?.schemas ?? {}).map(
    ([name, schema]) => html`<h3 id="${name}">${name}</h3><pre>${json(schema)}</pre>`,
  );
  return `${await html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${info.title}</title><style>${raw(style)}</style></head>
<body>
<h1>${info.title}</h1>
<p>${info.description ?? ''}</p>
<p>The same as a document: <a href="/openapi.json">openapi.json</a></p>
${operations}
<h2>Schemas</h2>
${schemas}
</body>
</html>
`}`;
}

function operationSection(
  name: string,
  { summary = '', security = [], parameters = [], requestBody, responses }: Operation,
) {
  const rows = Object.entries(responses).map(
    ([status, { description }]) => html`<tr><td>${status}</td><td>${description}</td></tr>`,
  );
  const inputs = parameters.map(
    (parameter) => html`<tr><td>${parameter.in} <code>${parameter.name}</code></td>
<td>${parameter.required ? 'required' : 'optional'} <code>${json(parameter.schema, 0)}</code></td></tr>`,
  );
  const body = requestBody?.content['application/json']?.schema;
  return html`<h2>${name}</h2>
<p>${summary}${security.length > 0 ? ' (needs the token)' : ''}</p>
<table>${inputs}</table>
${body ? html`<p>Body:</p><pre>${json(body)}</pre>` : ''}
<table>${rows}</table>
`;
}

const json = (value: unknown, indent = 2) => JSON.stringify(value, null, indent);
