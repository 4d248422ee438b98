import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningStudio, startStudio } from '@rodpo/studio';
import { afterAll, beforeAll, expect, test } from 'vitest';

let studio: RunningStudio;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-'));
  await mkdir(join(folder, 'bundles', 'a'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<h1>page</h1>');
  await writeFile(join(folder, 'bundles', 'a', 'bundle.json'), '{}');
  await writeFile(join(folder, 'bundles', 'a', 'größe.onnx'), 'onnx');
  studio = await startStudio({ folder });
});
afterAll(() => studio?.close());

/** Not by `fetch`, which mends paths and sets the host itself. */
function ask(path: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  const { hostname, port } = new URL(studio.address);
  return new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
    request({ hostname, port, path, ...options }, async (response) => {
      let text = '';
      for await (const part of response) text += part;
      resolve({ status: response.statusCode!, type: response.headers['content-type']!, text });
    })
      .on('error', reject)
      .end();
  });
}

test('the page, what it shows and its bundles are handed out', async () => {
  expect(await ask('/')).toEqual({
    status: 200,
    type: 'text/html; charset=utf-8',
    text: '<h1>page</h1>',
  });
  expect(await ask('/bundles/a/bundle.json?x#y')).toMatchObject({
    type: 'application/json',
    text: '{}',
  });
  expect(await ask(`/bundles/a/${encodeURIComponent('größe.onnx')}`)).toMatchObject({
    type: 'application/octet-stream',
    text: 'onnx',
  });
  expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
});

test.each([
  '/no.html',
  '/bundles/a',
  '/bundles/a/',
  '/bundles/b/bundle.json',
  '/../index.html',
  '/bundles/a/../a/bundle.json',
  '/bundles/a/%2e%2e/%2e%2e/index.html',
  '/bundles/a/..%2fbundle.json',
  '/bundles/a/..%5cbundle.json',
  '/bundles/a//bundle.json',
  '/%00',
  '/%zz',
])('%s is not there', async (path) => {
  expect(await ask(path)).toMatchObject({ status: 404, text: 'There is no such file.' });
});

test('nothing is written, and no other page asks by its own name', async () => {
  expect(await ask('/', { method: 'POST' })).toMatchObject({ status: 405 });
  expect(await ask('/', { headers: { Host: 'evil.example' } })).toMatchObject({ status: 403 });
  expect(await ask('/', { headers: { Host: 'localhost:80' } })).toMatchObject({ status: 200 });
  expect(await ask('/', { headers: { Host: '[::1]:80' } })).toMatchObject({ status: 200 });
});

test('a port that is taken is told', async () => {
  const { port } = new URL(studio.address);

  await expect(startStudio({ folder, port: Number(port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
