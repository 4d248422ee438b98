import { expect, test } from 'vitest';
import type { Service } from '../src/index.ts';
import { type Channel, connectCalls } from '../src/workers/connect-calls.ts';
import { primaryOver } from '../src/workers/connect-primary.ts';

/** A worker and what its primary may ask of it, both in this process. */
function joined() {
  const listeners: Record<'worker' | 'primary', (message: unknown) => void> = {
    worker: () => {},
    primary: () => {},
  };
  const channel = (own: 'worker' | 'primary', other: 'worker' | 'primary'): Channel => ({
    send: (message) => queueMicrotask(() => listeners[other](message)),
    onMessage: (listener) => {
      listeners[own] = listener;
    },
  });
  const worker = primaryOver(channel('worker', 'primary'), () => {});
  const primary = connectCalls(channel('primary', 'worker'), { ready: () => {} });
  return { worker, primary };
}

const service = (reload: () => Promise<void>) => ({ reload }) as Service;
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

test('a reload that comes while a worker opens its bundle is done once it is open', async () => {
  const { worker, primary } = joined();
  const done: string[] = [];
  const reloaded = primary.call('reload').then(() => done.push('told'));
  await aMoment();
  expect(done).toEqual([]);
  await worker.ready(service(async () => void done.push('reloaded')));
  await reloaded;

  expect(done).toEqual(['reloaded', 'told']);
});

test('what keeps a worker from reloading is told, also if it was asked while opening', async () => {
  const { worker, primary } = joined();
  const reloaded = primary.call('reload');
  await worker.ready(service(() => Promise.reject(new Error('no bundle'))));

  await expect(reloaded).rejects.toThrow('no bundle');
});

test('a worker that ends before its bundle is open fails the reload that waits for it', async () => {
  const { primary } = joined();
  const reloaded = primary.call('reload');
  primary.lost();

  await expect(reloaded).rejects.toThrow(/has ended/);
});

test('a worker that is not ready has no figures, and keeps nobody waiting for them', async () => {
  const { primary } = joined();

  expect(await primary.call('metrics')).toBeUndefined();
});
