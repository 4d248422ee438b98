import { createCommandLine } from '../src/commands/command-line.ts';
import { plainReporter } from '../src/run/reporter.ts';

/** What the command prints; rejects with what it throws. */
export async function rodpo(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const program = createCommandLine(plainReporter((line) => lines.push(line)));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeErr: () => {} });
  }
  await program.parseAsync(args, { from: 'user' });
  return lines.join('\n');
}
