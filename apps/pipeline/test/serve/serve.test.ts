import { rename, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { rodpo } from '../rodpo.ts';
import { type Started, startRodpo } from '../run/start-rodpo.ts';
import { tinyBundle } from './tiny-bundle.ts';

/** The command at a port of its own, once it answers; ended with the test. */
async function served(...args: string[]) {
  const started = startRodpo('serve', '--port', '0', '--threads', '1', ...args);
  onTestFinished(() => void started.process.kill('SIGKILL'));
  await started.printed(args.includes('--workers') ? /all workers answer/ : /bundle in service/);
  await started.printed(/"msg":"listening"/);
  const { url } = linesOf(started).find(({ msg }) => msg === 'listening') as { url: string };
  const ask = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}/recommend`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return { started, url, ask };
}

/** The log; what is meant for people goes to the other stream. */
const linesOf = (started: Started): Record<string, unknown>[] =>
  started
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

const countOf = (started: Started, msg: string) =>
  linesOf(started).filter((line) => line.msg === msg).length;

/** A link to a bundle, and how to turn it. */
async function linkTo(target: string) {
  const link = join(dirname(target), 'current');
  const turn = async (to: string) => {
    await symlink(to, `${link}.new`);
    await rename(`${link}.new`, link);
  };
  await turn(target);
  return { link, turn };
}

test('it answers, takes another bundle by SIGHUP, and ends with what it was asked', async () => {
  const { link, turn } = await linkTo(await tinyBundle('one'));
  const { started, url, ask } = await served('--bundle', link, '--window-ms', '1000');
  const answer = await (await ask({ history: ['nail', 'gone'], count: 1 })).json();
  await turn(await tinyBundle('two'));
  started.process.kill('SIGHUP');
  await started.printed(/old bundle freed/);
  const ready = await (await fetch(`${url}/ready`)).json();
  // They wait for others when it is asked to end.
  const last = [{ history: ['tea'] }, { history: ['hammer'] }].map((request) => ask(request));
  await delay(300);
  started.process.kill('SIGTERM');
  const statuses = (await Promise.all(last)).map(({ status }) => status);

  expect(answer).toEqual({
    items: [{ id: 'hammer', score: 12 }],
    source: 'model',
    unknown: ['gone'],
  });
  expect(ready).toMatchObject({ model: 'two', itemCount: 4 });
  expect(statuses).toEqual([200, 200]);
  expect(await started.ended).toBe(0);
  expect(countOf(started, 'request')).toBe(4);
  await expect(fetch(`${url}/health`)).rejects.toThrow();
});

test('workers share a port, are asked as one, are replaced, and lose nothing at the end', async () => {
  const { link, turn } = await linkTo(await tinyBundle('one'));
  const options = ['--workers', '2', '--token', 'secret', '--window-ms', '500'];
  const { started, url, ask } = await served('--bundle', link, ...options);
  const authorization = { Authorization: 'Bearer secret' };
  const asked = await Promise.all(
    Array.from({ length: 8 }, () => ask({ history: ['tea'] }, authorization)),
  );
  expect(asked.every(({ status }) => status === 200)).toBe(true);
  expect((await ask({})).status).toBe(401);
  const requests = linesOf(started).filter(({ msg }) => msg === 'request');
  const pids = [...new Set(requests.map(({ pid }) => pid as number))];
  expect(pids).toHaveLength(2);

  const metrics = await (await fetch(`${url}/metrics`, { headers: authorization })).text();
  expect(metrics).toMatch(/requests_total\{route="\/recommend",method="POST",status="200"\} 8\n/);
  expect(metrics).toMatch(/rodpo_bundle_info\{model="one",version="\w+"\} 2\n/);

  await turn(await tinyBundle('two'));
  const reload = { method: 'POST', headers: authorization };
  const reloaded = await fetch(`${url}/admin/reload`, reload);
  expect(await reloaded.json()).toMatchObject({ model: 'two' });
  // Whichever worker was asked, both have done it.
  while (countOf(started, 'bundle in service') < 4) await delay(20);
  await turn(join(link, 'nothing'));
  expect((await fetch(`${url}/admin/reload`, reload)).status).toBe(409);

  await turn(await tinyBundle('three'));
  process.kill(pids[0]!, 'SIGKILL');
  await started.printed(/"model":"three"/);
  const last = Array.from({ length: 6 }, () => ask({ history: ['pot'] }, authorization));
  await delay(250);
  started.process.kill('SIGTERM');
  for (const { status } of await Promise.all(last)) expect(status).toBe(200);
  expect(await started.ended).toBe(0);
});

test('all processes may be signalled at once, as a terminal does', async () => {
  const { started, ask } = await served('--bundle', await tinyBundle('one'), '--workers', '3');
  await started.printed(/all workers answer/);
  const inService = linesOf(started).filter(({ msg }) => msg === 'bundle in service');
  expect((await ask({ history: ['tea'] })).status).toBe(200);
  const workers = new Set(inService.map(({ pid }) => Number(pid)));

  for (const pid of workers) process.kill(pid, 'SIGTERM');
  started.process.kill('SIGTERM');
  expect(await started.ended).toBe(0);
  expect(workers.size).toBe(3);
  expect(started.output()).not.toMatch(/EPIPE|Error:/);
});

const nowhere = async () => join(dirname(await tinyBundle('one')), 'nothing');
const noBundle = /bundle\.json: there is no such file/;

test('what is no bundle is told', async () => {
  const serving = rodpo('serve', '--port', '0', '--bundle', await nowhere());

  await expect(serving).rejects.toThrow(noBundle);
});

test('what is no bundle ends all workers', async () => {
  const options = ['--bundle', await nowhere(), '--workers', '2'];
  const started = startRodpo('serve', '--port', '0', ...options);

  expect(await started.ended).toBe(1);
  expect(started.output()).toMatch(new RegExp(`error: .*${noBundle.source}`));
});

test.each([
  [['--port', '70000'], /It must be an integer from 0 to 65535/],
  [['--workers', '0'], /It must be a positive integer/],
  [['--token', 'with spaces'], /The token must be/],
])('the options %j are refused', async (args, message) => {
  const serving = rodpo('serve', '--bundle', await nowhere(), '--port', '0', ...args);

  await expect(serving).rejects.toThrow(message);
});
