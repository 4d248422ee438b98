import { readdir } from 'node:fs/promises';
import { quote, quoteList } from '@rodpo/errors';
import { ifThere } from '@rodpo/files';
import { ConfigError } from '../config/config.ts';
import { baseline } from '../config/config-problems.ts';
import type { Run } from '../run/run.ts';

/** Models whose weights are in a run's folder, pretrained first: those of a comparison are in no config. */
async function trainedNames({ file }: Pick<Run, 'file'>): Promise<string[]> {
  const names = (await ifThere(readdir(file('checkpoints')))) ?? [];
  const trained = names.flatMap((name) => {
    const [, stage] = /^([a-z0-9-]+)\.(?:safetensors|shards)$/.exec(name) ?? [];
    if (stage === 'pretrain') return [baseline];
    return stage?.startsWith('align-') ? [stage.slice('align-'.length)] : [];
  });
  return [...new Set(trained)].sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
}

/** @throws {ConfigError} if the run has no such model */
export async function requireTrained(run: Pick<Run, 'file'>, strategy: string): Promise<void> {
  const names = await trainedNames(run);
  if (names.includes(strategy)) return;
  const advice =
    names.length === 0
      ? "Nothing is trained there: let 'rodpo run' come to its end first."
      : `It has ${quoteList(names)}: name one of these as --strategy, or train it by 'rodpo run'.`;
  throw new ConfigError(`${run.file()} has no model ${quote(strategy)}. ${advice}`);
}

const rankOf = (name: string) => (name === baseline ? 0 : 1);
