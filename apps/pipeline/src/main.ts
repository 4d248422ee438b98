#!/usr/bin/env node
import { errorText } from './run/error-text.ts';
import { listenForInterruption } from './run/interruption.ts';

const tell = (line: string) => void process.stderr.write(`${line}\n`);

// Whoever reads the output may leave before its end, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.on('uncaughtException', (error) => {
  tell(errorText(error));
  process.exit(1);
});

const interruption = listenForInterruption(tell);
try {
  // Engines take a second and more to load: whoever ends the process meanwhile is heard.
  const { createCommandLine } = await import('./commands/command-line.ts');
  const { createReporter } = await import('./run/reporter.ts');
  await createCommandLine(createReporter(), interruption.signal).parseAsync();
} catch (error) {
  const { aborted } = interruption.signal;
  const isEffect = aborted && (error as Error | undefined)?.name === 'AbortError';
  if (!isEffect) tell(errorText(error));
  if (aborted) tell('interrupted: the same command goes on from here');
  process.exitCode = interruption.exitCode() ?? 1;
  // Connections that are still open must not keep a process that was asked to end.
  if (aborted) process.exit();
}
