#!/usr/bin/env node
import { createCommandLine } from './command-line.ts';
import { isActionable } from './run/actionable.ts';
import { createReporter } from './run/reporter.ts';

try {
  await createCommandLine(createReporter()).parseAsync();
} catch (error) {
  const { message, stack } = error as Error;
  process.stderr.write(isActionable(error) ? `error: ${message}\n` : `${stack}\n`);
  process.exitCode = 1;
}
