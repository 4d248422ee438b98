import { openBundle, type Recommender } from '@rodpo/serving';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idOf, smallBundle } from './small-bundle.ts';
import { type Started, start } from './start.ts';

let recommender: Recommender;
beforeAll(async () => {
  recommender = await openBundle(await smallBundle(), { threads: 1 });
});
afterAll(() => recommender.dispose());

type Schema = Readonly<Record<string, unknown>>;
interface Document {
  readonly paths: Record<string, Record<string, { readonly responses: object }>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

const documentOf = async ({ get }: Started) =>
  (await (await get('/openapi.json')).json()) as Document;

/** Says whether a value is as a part of the document describes it: by ajv, which is not what the routes use. */
function validatorOf(document: Document, path: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema(document, 'document');
  return ajv.compile({ $ref: `document#${path}` });
}

const bodySchema = '/paths/~1recommend/post/requestBody/content/application~1json/schema';
const responseSchema = (status: number) =>
  `/paths/~1recommend/post/responses/${status}/content/application~1json/schema`;

/** Values of a schema, now and then with something else in a place of it. */
function valuesOf(schema: Schema, document: Document): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 60, arbitrary: fittingValues(schema, document) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
}

function fittingValues(schema: Schema, document: Document): fc.Arbitrary<unknown> {
  const inner = (one: unknown) => valuesOf(one as Schema, document);
  const { $ref, anyOf, type, minimum = -1e6, maximum = 1e6 } = schema;
  const range = { min: minimum as number, max: maximum as number };
  if ($ref) return inner(document.components.schemas[($ref as string).split('/').at(-1)!]);
  if (anyOf) return fc.oneof(...(anyOf as Schema[]).map(inner));
  if (type === 'string') return fc.oneof(fc.integer({ min: 0, max: 70 }).map(idOf), fc.string());
  if (type === 'integer') return fc.integer(range);
  if (type === 'number') return fc.double({ ...range, noNaN: true });
  if (type === 'boolean') return fc.boolean();
  if (type === 'array') return fc.array(inner(schema.items), { maxLength: 6 });
  if (type !== 'object')
    throw new Error(`A schema that the test cannot draw: ${JSON.stringify(schema)}`);
  if (!schema.properties) {
    return fc.dictionary(
      fc.constantFrom('third', 'price', 'tags', 'x'),
      inner(schema.additionalProperties),
    );
  }
  const properties = Object.entries(schema.properties as Record<string, Schema>);
  const fields = Object.fromEntries(properties.map(([name, one]) => [name, inner(one)]));
  return fc.oneof(
    { weight: 40, arbitrary: fc.record(fields, { requiredKeys: [] }) },
    {
      weight: 1,
      arbitrary: fc.record({ ...fields, surplus: fc.constant(1) }, { requiredKeys: [] }),
    },
  );
}

test('routes take what the document describes and nothing else, and answer as it says', async () => {
  const started = await start(recommender, { windowMs: 0 });
  const document = await documentOf(started);
  const fits = validatorOf(document, bodySchema);
  const schema = bodySchema
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (part, name) => (part as Record<string, unknown>)[name.replaceAll('~1', '/')],
      document,
    );
  const answers = {
    200: validatorOf(document, responseSchema(200)),
    400: validatorOf(document, responseSchema(400)),
  };
  const counts = { 200: 0, 400: 0 };
  const bodies = fc.sample(valuesOf(schema as Schema, document), { seed: 11, numRuns: 250 });
  for (const body of bodies) {
    const response = await started.ask(body);
    const told = await response.json();
    const expected = fits(body) ? 200 : 400;

    expect(response.status, `${JSON.stringify(body)}: ${JSON.stringify(told)}`).toBe(expected);
    expect(answers[expected](told)).toBe(true);
    counts[expected]++;
  }
  // Neither side of it was left out.
  expect(Math.min(counts[200], counts[400])).toBeGreaterThan(50);
});

test('no text in a body is a fault of the service', async () => {
  const { url, log } = await start(recommender, { windowMs: 0, bodyLimitBytes: 20_000 });
  const whole = fc.jsonValue().map((value) => JSON.stringify(value));
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    whole,
    whole.map((text) => text.slice(0, text.length / 2)),
    fc.constantFrom('[', '{', '"').map((text) => text.repeat(10_000)),
    fc.constantFrom('{"__proto__": 1}', '{"history": null}', '{"count": 1e400}', '{"times": [1]}'),
    fc.constantFrom('[{}'.repeat(5000), '{"constructor": {}}', '\u0000', '{"history":["\ud800"]}'),
  );
  for (const body of fc.sample(texts, { seed: 12, numRuns: 200 })) {
    const headers = { 'Content-Type': 'application/json; charset=utf-8' };
    const response = await fetch(`${url}/recommend`, { method: 'POST', headers, body });

    expect(response.status, body.slice(0, 100)).toBeLessThan(500);
    expect(response.headers.get('Content-Type')).toMatch(/^application\/json/);
    await response.json();
  }
  expect(log.filter(({ level }) => (level as number) >= 50)).toEqual([]);
});

test('a client written from the document is typed', async () => {
  const document = await documentOf(await start(recommender));
  const types = astToString(await openapiTS(document as never));
  const right = [
    'const id: string = answer.items[0]!.id;',
    'request({ history: ["a"], count: 3, filter: { ids: ["b"] } });',
    'request([{ filter: { attributes: { a: 1, b: ["x", true], c: { to: 3 } } } }]);',
  ];
  const wrong = [
    'const score: string = answer.items[0]!.score;',
    'request({ count: "3" });',
    'request({ histroy: [] });',
    'request({ filter: { attributes: { c: { below: 3 } } } });',
    'const none = answer.nothing;',
  ];
  const head = `${types}\n${client}\n`;
  const first = head.split('\n').length - 1 + right.length;

  expect(linesWithProblems([head + right.join('\n'), ...wrong].join('\n'))).toEqual(
    wrong.map((_, place) => first + place),
  );
});

const client = `
type Operation = paths['/recommend']['post'];
declare function request(body: Operation['requestBody']['content']['application/json']): void;
declare const answer: components['schemas']['Answer'];`;

/** Lines, from 0, of a text that stands alone in which TypeScript finds something wrong. */
function linesWithProblems(text: string): number[] {
  const options = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2023, types: [] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  const client = ts.createSourceFile('client.ts', text, ts.ScriptTarget.ES2023);
  host.getSourceFile = (name, ...rest) =>
    name === 'client.ts' ? client : getSourceFile.call(host, name, ...rest);
  const program = ts.createProgram(['client.ts'], options, host);
  return ts
    .getPreEmitDiagnostics(program, client)
    .map(({ start = 0 }) => client.getLineAndCharacterOfPosition(start).line);
}
