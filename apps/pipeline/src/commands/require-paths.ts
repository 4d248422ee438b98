import { type Command, InvalidArgumentError } from 'commander';

/** Refuses an empty path wherever a command asks for one: it would be taken for the current folder. */
export function requirePaths(program: Command): void {
  for (const { options } of program.commands) {
    for (const option of options) {
      if (/<(file|folder)>/.test(option.flags)) option.argParser(parsePath);
    }
  }
}

function parsePath(value: string): string {
  if (value !== '') return value;
  throw new InvalidArgumentError('Expected a path, got nothing. Is a variable of the shell unset?');
}
