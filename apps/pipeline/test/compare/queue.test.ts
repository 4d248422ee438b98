import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWithOwnRedis } from '@rodpo/testing/redis';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import { QueueIncompleteError } from '../../src/run/queue-incomplete.ts';
import { plainReporter } from '../../src/run/reporter.ts';
import { silent } from '../tiny-run.ts';
import { comparable, tinyComparison } from './tiny-comparison.ts';

describeWithOwnRedis('a comparison that several processes share', (redis) => {
  test('each unit is done once, and all find the same as one process alone', async () => {
    const alone = await compare(await tinyComparison(), silent, { command: 'alone' });
    const config = await tinyComparison();
    const lines: string[][] = [[], []];
    const workers = lines.map((own) =>
      compare(
        config,
        plainReporter((line) => own.push(line)),
        {
          command: 'shared',
          queue: redis.connection,
        },
      ),
    );
    const found = await Promise.all(workers);

    for (const one of found) expect(comparable(one)).toEqual(comparable(alone));
    const done = lines.map((own) => own.filter((line) => / of \d+: /.test(line)));
    const all = done.flat();
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(11);
  });

  test('Redis forgets all while a unit is in work: the rest is sent again', async () => {
    const alone = await compare(await tinyComparison(), silent, { command: 'alone' });
    const lines: string[] = [];
    const forgetting = new Redis(redis.connection);
    let forgotten: Promise<unknown> | undefined;
    const reporter = plainReporter((line) => {
      lines.push(line);
      if (/seed 1, pretraining/.test(line)) forgotten ??= forgetting.flushall();
    });
    const options = { command: 'shared', queue: redis.connection };
    const found = await compare(await tinyComparison(), reporter, options);
    await forgetting.quit();

    expect(await forgotten).toBe('OK');
    expect(lines).toContainEqual(expect.stringMatching(/^pretrain: .* lost \d units.*sent again$/));
    expect(comparable(found)).toEqual(comparable(alone));
  });

  test('what fails again and again is given up and named, until --retry-failed', async () => {
    const small = await tinyComparison({ seeds: [1], tuning: null });
    const { output, strategies } = small.settings;
    await compare(small, silent, { command: 'alone' });
    const pretrained = join(output, 'dense', 'seed-1', 'checkpoints', 'pretrain.safetensors');
    const weights = await readFile(pretrained);
    await writeFile(pretrained, 'no weights');
    const more = { name: 'batch', negatives: { from: 'batch' } };
    const changes = { output, seeds: [1], tuning: null, strategies: [...strategies, more] };
    const grown = await tinyComparison(changes);
    const options = { command: 'shared', queue: redis.connection };
    const lines: string[] = [];
    const telling = plainReporter((line) => lines.push(line));
    const failed = await compare(grown, telling, options).catch((error: Error) => error);

    expect(failed).toBeInstanceOf(QueueIncompleteError);
    expect(failed).toMatchObject({
      message: expect.stringMatching(/^1 units are missing.*seed 1, batch: .*--retry-failed/s),
    });
    const left = (line: string) =>
      /seed 1, batch: .*\((\d) attempts left\)$/s.exec(line)?.[1] ?? [];
    expect(lines.flatMap(left)).toEqual(['1', '0']);
    await writeFile(pretrained, weights);
    await expect(compare(grown, silent, options)).rejects.toThrow(QueueIncompleteError);
    const mended = await compare(grown, silent, { ...options, retryFailed: true });
    expect(mended.cells.map(({ model }) => model)).toContain('batch');
  });
});
