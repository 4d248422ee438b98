import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isActionable } from '@rodpo/errors';
import { FolderLockedError, LockLostError, lockFolder } from '@rodpo/files';
import { compiledPackage } from '@rodpo/testing/compiled-package';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from '../processes/start-child.ts';
import { temporaryFolder } from '../temporary-folder.ts';

let compiled: string;
beforeAll(async () => {
  compiled = await compiledPackage(new URL('../../', import.meta.url), ['test/processes/child.ts']);
});
afterAll(() => rm(compiled, { recursive: true }));

const purpose = 'testing';

test('a folder is locked once, and free again after its release', async () => {
  const folder = temporaryFolder();
  const lock = await lockFolder(folder, { purpose });
  const refused = await lockFolder(folder, { purpose }).catch((error: unknown) => error);

  expect(refused).toBeInstanceOf(FolderLockedError);
  expect(isActionable(refused)).toBe(true);
  expect(refused).toMatchObject({ folder, owner: lock.owner });
  const { message } = refused as Error;
  for (const part of [folder, process.pid, hostname(), purpose, lock.owner.since, 'Wait for it']) {
    expect(message).toContain(String(part));
  }
  expect(await lock.isMine()).toBe(true);
  await lock.release();
  expect(await lock.isMine()).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
  await (await lockFolder(folder, { purpose })).release();
});

test('of many who want a folder at once, one gets it', async () => {
  const folder = temporaryFolder();
  const wants = Array.from({ length: 20 }, () => lockFolder(folder, { purpose }));
  const settled = await Promise.allSettled(wants);
  const [owned, refused] = [
    settled.filter(({ status }) => status === 'fulfilled'),
    settled.filter(({ status }) => status === 'rejected'),
  ];

  expect(owned).toHaveLength(1);
  for (const result of refused) {
    expect((result as PromiseRejectedResult).reason).toBeInstanceOf(FolderLockedError);
  }
  expect(readdirSync(folder)).toEqual(['.lock']);
});

test('the lock of a living process holds, that of a killed one is taken over at once', async () => {
  const folder = temporaryFolder();
  const holder = startChild(compiled, 'hold', folder);
  await holder.line();
  const refused = await lockFolder(folder, { purpose }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'FolderLockedError', owner: { pid: holder.process.pid } });
  await holder.kill();

  const lock = await lockFolder(folder, { purpose });
  await lock.assertOwned();
  expect(readdirSync(folder)).toEqual(['.lock']);
  await lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

/** A lock as an owner would have left it, seen for the last time so long ago. */
async function leaveLock(folder: string, change: object, ageMs = 0): Promise<void> {
  const lock = await lockFolder(temporaryFolder(), { purpose: 'before' });
  const file = join(folder, '.lock');
  writeFileSync(file, JSON.stringify({ ...lock.owner, ...change }));
  const seen = new Date(Date.now() - ageMs);
  utimesSync(file, seen, seen);
  await lock.release();
}

test.skipIf(process.platform !== 'linux')(
  'a number that was given to another process is no sign of life',
  async () => {
    const folder = temporaryFolder();
    await leaveLock(folder, { token: 'old', started: '1' });

    await (await lockFolder(folder, { purpose })).assertOwned();
  },
);

test('a lock of another machine holds while it gives signs of life', async () => {
  const folder = temporaryFolder();
  const elsewhere = { token: 'far', host: 'elsewhere', machine: 'elsewhere', pid: 2 ** 22 + 1 };
  await leaveLock(folder, elsewhere, 55_000);
  await expect(lockFolder(folder, { purpose })).rejects.toThrow('on "elsewhere" since');
  await leaveLock(folder, elsewhere, 65_000);

  await (await lockFolder(folder, { purpose })).assertOwned();
});

test.each([
  { fact: 'empty', text: '' },
  { fact: 'cut', text: '{"token":"a' },
  { fact: 'of something else', text: '[1]' },
])('a lock file that is $fact counts as another machine’s', async ({ text }) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, '.lock'), text);
  await expect(lockFolder(folder, { purpose })).rejects.toThrow(FolderLockedError);
  const seen = new Date(Date.now() - 65_000);
  utimesSync(join(folder, '.lock'), seen, seen);

  await (await lockFolder(folder, { purpose })).release();
  expect(readdirSync(folder)).toEqual([]);
});

test('gives signs of life', async () => {
  const folder = temporaryFolder();
  const lock = await lockFolder(folder, { purpose, heartbeatMs: 20 });
  const old = new Date(0);
  utimesSync(join(folder, '.lock'), old, old);
  await sleep(200);

  // Whoever sees it from another machine sees it alive.
  expect(Date.now() - statSync(join(folder, '.lock')).mtimeMs).toBeLessThan(10_000);
  await lock.release();
});

test('an owner that was taken for dead learns that it lost its lock, and leaves the next alone', async () => {
  const folder = temporaryFolder();
  const lost = await lockFolder(folder, { purpose: 'first' });
  // As it looks from a machine that has not heard of it for long.
  writeFileSync(join(folder, '.lock'), JSON.stringify({ ...lost.owner, machine: 'elsewhere' }));
  utimesSync(join(folder, '.lock'), new Date(0), new Date(0));
  const next = await lockFolder(folder, { purpose: 'second' });

  await expect(lost.assertOwned()).rejects.toThrow(LockLostError);
  await expect(lost.assertOwned()).rejects.toThrow(/no longer locked by this process.*"second"/);
  await lost.release();
  await next.assertOwned();
  await rm(join(folder, '.lock'));
  await expect(next.assertOwned()).rejects.toThrow('its lock file is gone');
});

test('of two that find one dead owner’s lock, one inherits it', async () => {
  for (let round = 0; round < 12; round++) {
    const folder = temporaryFolder();
    const dead = startChild(compiled, 'hold', folder);
    const both = [0, 1].map((index) => startChild(compiled, 'contend', folder, `${index}`));
    await Promise.all([dead.line(), ...both.map((child) => child.line())]);
    await dead.kill();
    for (const child of both) child.process.stdin!.write('go\n');
    const outcomes = await Promise.all(both.map((child) => child.line()));

    expect(outcomes.sort(), `round ${round}`).toEqual(['FolderLockedError', 'owner']);
    await Promise.all(both.map((child) => child.kill()));
  }
});

test('of many in one process that find a dead owner’s lock, one inherits it, in every round', async () => {
  for (let round = 0; round < 40; round++) {
    const folder = temporaryFolder();
    await leaveLock(folder, { token: `dead ${round}`, pid: 2 ** 22 + 1 });
    const wants = Array.from({ length: 6 }, () => lockFolder(folder, { purpose }));
    const owned = (await Promise.allSettled(wants)).filter(({ status }) => status === 'fulfilled');

    expect(owned, `round ${round}`).toHaveLength(1);
    expect(readdirSync(folder), `round ${round}`).toEqual(['.lock']);
  }
});

test('heirs that died in the middle of taking over are inherited from in turn', async () => {
  const folder = temporaryFolder();
  const pid = 2 ** 22 + 1;
  await leaveLock(folder, { token: 'a', pid });
  const { owner } = await lockFolder(temporaryFolder(), { purpose });
  const heir = (of: string, token: string, alive = false) =>
    writeFileSync(
      join(folder, `.lock.${of}.heir`),
      JSON.stringify({ ...owner, token, ...(alive ? {} : { pid }) }),
    );
  heir('a', 'b');
  heir('b', 'c', true);
  heir('x', 'y', true); // of an owner that was replaced
  await expect(lockFolder(folder, { purpose })).rejects.toThrow(FolderLockedError);
  heir('b', 'c');

  await (await lockFolder(folder, { purpose })).assertOwned();
  expect(readdirSync(folder)).toEqual(['.lock']);
});

test('what the file system refuses is passed on', async () => {
  const none = join(temporaryFolder(), 'none');

  await expect(lockFolder(none, { purpose })).rejects.toMatchObject({ code: 'ENOENT' });
});
