import { ConfigError } from './config.ts';

/** What a person should know before figures are made from data, and what to do about it. */
export interface Judgement {
  /** Of an error nothing can come; a warning is the reader's to weigh. */
  readonly severity: 'warning' | 'error';
  readonly message: string;
}

/** @returns the warnings. @throws {ConfigError} if there is an error, with all of them */
export function requireSound(judgements: readonly Judgement[]): string[] {
  const of = (wanted: Judgement['severity']) =>
    judgements.filter(({ severity }) => severity === wanted).map(({ message }) => message);
  const errors = of('error');
  if (errors.length > 0) throw new ConfigError(errors.join('\n'));
  return of('warning');
}
