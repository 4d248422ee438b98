import { openBundle, type Recommender } from '@rodpo/serving';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { smallBundle } from './small-bundle.ts';
import { start } from './start.ts';

let recommender: Recommender;
beforeAll(async () => {
  recommender = await openBundle(await smallBundle(), { threads: 1 });
});
afterAll(() => recommender.dispose());

/**
 * Samples by name and labels.
 *
 * @see https://github.com/prometheus/docs/blob/main/content/docs/instrumenting/exposition_formats.md
 */
function samplesOf(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  const label = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"`;
  const sample = new RegExp(`^([a-zA-Z_:][\\w:]*(?:\\{${label}(?:,${label})*\\})?) (\\S+)$`);
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.slice(0, -1).split('\n')) {
    if (/^(# (HELP|TYPE) [a-zA-Z_:][\w:]* .+)?$/.test(line)) continue;
    const [, name, value] = sample.exec(line) ?? [];
    expect(name, line).toBeDefined();
    expect(samples.has(name!), line).toBe(false);
    samples.set(name!, Number(value));
  }
  return samples;
}

test('figures can be read by Prometheus, and say what happened', async () => {
  const { ask, get } = await start(recommender, { windowMs: 300, batchSize: 3 });
  await Promise.all([
    ask({ history: ['01', 'gone'] }),
    ask({ history: ['lost', 'gone'] }),
    ask({}),
  ]);
  await Promise.all([ask({ count: 0 }), get('/items/05/similar'), get('/items/gone/similar')]);
  await get('/what/"ever"');
  const response = await get('/metrics');
  const samples = samplesOf(await response.text());
  const requests = (route: string, method: string, status: number) =>
    samples.get(
      `rodpo_http_requests_total{route="${route}",method="${method}",status="${status}"}`,
    );

  expect(response.headers.get('Content-Type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(requests('/recommend', 'POST', 200)).toBe(3);
  expect(requests('/recommend', 'POST', 400)).toBe(1);
  expect(requests('/items/:id/similar', 'GET', 200)).toBe(1);
  expect(requests('/items/:id/similar', 'GET', 404)).toBe(1);
  expect(requests('none', 'GET', 404)).toBe(1);
  expect(samples.get('rodpo_batch_size_count')).toBe(2);
  expect(samples.get('rodpo_batch_size_sum')).toBe(4);
  expect(samples.get('rodpo_batch_size_bucket{le="1"}')).toBe(1);
  expect(samples.get('rodpo_batch_size_bucket{le="4"}')).toBe(2);
  expect(samples.get('rodpo_queue_length')).toBe(0);
  expect(samples.get('rodpo_unknown_items_total')).toBe(3);
  const seconds = 'rodpo_http_request_duration_seconds';
  expect(samples.get(`${seconds}_count{route="/recommend"}`)).toBe(4);
  expect(samples.get(`${seconds}_bucket{le="+Inf",route="/recommend"}`)).toBe(4);
  expect([...samples.keys()].filter((name) => name.startsWith('rodpo_bundle_info'))).toEqual([
    expect.stringMatching(/^rodpo_bundle_info\{model="seed 5",version="[0-9a-f]{12}"\}$/),
  ]);
});
