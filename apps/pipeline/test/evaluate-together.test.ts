import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithOwnRedis } from '@rodpo/testing/redis';
import { beforeAll, expect, test } from 'vitest';
import { evaluateModel, savedRanks } from '../src/stages/evaluate-model.ts';
import { joinTogether, rankTogether } from '../src/stages/evaluate-together.ts';
import { rankShards } from '../src/stages/rank-shards.ts';
import { workspaceOf } from '../src/stages/workspace.ts';
import { rodpo } from './rodpo.ts';
import { tinyConfig, tinyRun } from './tiny-run.ts';

const strategies = [{ name: 'uniform', negatives: { from: 'catalogue' } }];
let [config, output]: string[] = [];
beforeAll(async () => {
  const settings = await tinyConfig({
    pretrain: { maxEpochs: 2 },
    align: { maxEpochs: 1, strategies },
  });
  output = settings.output;
  config = join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'config.json');
  await writeFile(config, JSON.stringify(settings));
  await rodpo('run', '-c', config);
});

/** What an evaluation leaves, without what differs from time to time. */
async function left() {
  const read = (path: string) => readFile(join(output!, path));
  return {
    summary: JSON.parse(String(await read('summary.json'))),
    ranks: [
      await read('results/pretrained.safetensors'),
      await read('results/uniform.safetensors'),
    ],
  };
}

/** Nothing of an earlier evaluation is there; what is in work is as it was. */
async function forget(): Promise<void> {
  await rm(join(output!, 'results'), { recursive: true });
}

const command = (...options: string[]) => rodpo('evaluate', '-c', config!, ...options);

test('processes that rank some users each come to what one comes to alone', async () => {
  const alone = await left();
  await forget();
  const first = await command('--shard', '1/2');
  await expect(left()).rejects.toThrow(/ENOENT/);
  const second = await command('--shard', '2/2');

  expect(first).toContain('pretrained: ranked shard 1 of 1');
  expect(first).toContain('other shards are still missing');
  expect(second).toContain('uniform: ranked shard 1 of 1');
  expect(second).not.toContain('pretrained: ranked');
  expect(second).toMatch(/uniform +0\.\d{4}/);
  expect(await left()).toEqual(alone);
  // What is there already is not ranked again.
  expect(await command('--shard', '1/1')).not.toContain('ranked shard');
});

test('shards of users, one behind another, are all users; other weights are ranked anew', async () => {
  const run = await tinyRun();
  const sequences = Array.from({ length: 23 }, (_, user) =>
    Int32Array.from({ length: 5 }, (_, place) => (user * 7 + place * 3) % 120),
  );
  const itemIds = Array.from({ length: 120 }, (_, item) => `${item}`);
  const dataset = { userIds: sequences.map((_, user) => `${user}`), itemIds, sequences };
  const workspace = await workspaceOf(run, dataset);
  const draw = (seed: number) => {
    let state = seed;
    return workspace.encoder.initialize(() => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    });
  };
  const models = { pretrained: draw(3) };
  const ranker = await workspace.evaluation(models.pretrained);
  const cases = {
    validation: workspace.split.validation.length,
    test: workspace.split.test.length,
  };
  const shards = rankShards(models, cases, 5);
  const {
    rankSeconds: _,
    peakMemoryBytes: __,
    ...whole
  } = await evaluateModel(run, ranker, 'pretrained', models.pretrained);
  const ranks = await savedRanks(run, 'pretrained');
  await rankTogether({ run, ranker, models, shards, cases }, { shard: { index: 2, count: 2 } });
  const tooEarly = await joinTogether(run, shards);
  await rankTogether({ run, ranker, models, shards, cases }, {});
  const joined = (await joinTogether(run, shards))!;

  expect(cases.test).toBe(23);
  expect(shards.map(({ index, count }) => [index, count])).toEqual(
    [0, 1, 2, 3, 4].map((index) => [index, 5]),
  );
  expect(tooEarly).toBeUndefined();
  expect(joined.pretrained).toMatchObject(whole);
  expect(await savedRanks(run, 'pretrained')).toEqual(ranks);
  expect(joined.pretrained!.rankSeconds).toBeGreaterThan(0);

  const others = rankShards({ pretrained: draw(4) }, cases, 5);
  expect(await joinTogether(run, others)).toBeUndefined();
  await workspace.dispose();
});

describeWithOwnRedis('users that several processes share', (redis) => {
  test('each shard is ranked once, and all come to the same', async () => {
    const alone = await left();
    await forget();
    const said = await Promise.all([
      command('--queue', redis.connection),
      command('--queue', redis.connection),
    ]);

    const ranked = said.flatMap((text) => text.match(/\w+: ranked shard/g) ?? []);
    expect(ranked.sort()).toEqual(['pretrained: ranked shard', 'uniform: ranked shard']);
    for (const text of said) expect(text).toMatch(/uniform +0\.\d{4}/);
    expect(await left()).toEqual(alone);
  });
});
