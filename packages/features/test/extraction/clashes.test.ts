import { rmSync } from 'node:fs';
import { extract, extractShard, finishStore, itemList, UnusableInput } from '@rodpo/features';
import { expect, test, vi } from 'vitest';
import { folderBytes } from '../store/folder-bytes.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { fakeEmbedder, someItems } from './fake-embedder.ts';

type Hook = (to: string) => Promise<void> | void;
const beforeRename = vi.hoisted(() => ({ hook: undefined as Hook | undefined }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const rename: typeof real.rename = async (from, to) => {
    const { hook } = beforeRename;
    beforeRename.hook = undefined; // once
    await hook?.(String(to));
    return real.rename(from, to);
  };
  return { ...real, rename };
});

const items = itemList(someItems(3));

async function madeAlone(): Promise<Record<string, string>> {
  const folder = temporaryFolder();
  await extract(items, fakeEmbedder(), { folder });
  return folderBytes(folder);
}

test('a shard whose partial file another worker swept away is that worker’s', async () => {
  const folder = temporaryFolder();
  beforeRename.hook = async () => {
    await extract(items, fakeEmbedder(), { folder });
  };
  const report = await extractShard(items, fakeEmbedder(), 0, { folder });

  expect(report).toMatchObject({ embeddedCount: 3 });
  expect(folderBytes(folder)).toEqual(await madeAlone());
});

test('a manifest whose partial file another worker swept away is that worker’s', async () => {
  const folder = temporaryFolder();
  await extractShard(items, fakeEmbedder(), 0, { folder });
  beforeRename.hook = async () => {
    await finishStore(folder, { itemCount: 3 });
  };

  expect(await finishStore(folder, { itemCount: 3 })).toMatchObject({ complete: true });
  expect(folderBytes(folder)).toEqual(await madeAlone());
});

test.each([
  ['failures', {}, { retryFailures: true }],
  ['another embedder', { revision: '2' }, { force: true }],
])(
  'the shard of %s is replaced, though its partial file was swept away',
  async (_, is, options) => {
    const [folder, alone] = [temporaryFolder(), temporaryFolder()];
    const onPrepare = () => {
      throw new UnusableInput('missing', 'not copied yet');
    };
    await extract(items, fakeEmbedder({ onPrepare }), { folder });
    beforeRename.hook = async () => {
      await finishStore(folder, { itemCount: 3 }); // of a worker to whom the shards that are there are all
    };
    const report = await extract(items, fakeEmbedder(is), { folder, ...options });
    await extract(items, fakeEmbedder(is), { folder: alone });

    expect(report).toMatchObject({ embeddedCount: 3, failures: {}, complete: true });
    expect(folderBytes(folder)).toEqual(folderBytes(alone));
  },
);

test('a manifest that another worker wrote of a shard before it was replaced is written anew', async () => {
  const [folder, alone] = [temporaryFolder(), temporaryFolder()];
  const changed = itemList(someItems(3, { 1: 'input 7' }));
  await extract(items, fakeEmbedder(), { folder });
  beforeRename.hook = async () => {
    await finishStore(folder, { itemCount: 3 });
  };
  await extract(changed, fakeEmbedder(), { folder, force: true });
  await extract(changed, fakeEmbedder(), { folder: alone });

  expect(folderBytes(folder)).toEqual(folderBytes(alone));
});

test('a folder that was deleted under the run is an error', async () => {
  const folder = temporaryFolder();
  beforeRename.hook = () => rmSync(folder, { recursive: true });

  await expect(extract(items, fakeEmbedder(), { folder })).rejects.toThrow('ENOENT');
});

test('another embedder’s shard in place of the swept away one is an error', async () => {
  const folder = temporaryFolder();
  beforeRename.hook = async () => {
    await extract(items, fakeEmbedder({ revision: '2' }), { folder });
  };

  await expect(extractShard(items, fakeEmbedder(), 0, { folder })).rejects.toThrow(
    /another embedder/,
  );
});
