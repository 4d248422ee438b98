import { type FailureReason, UnusableInput } from '../unusable-input.ts';

/** What is kept of a failure: an error with its stack is too large to keep many of. */
export interface Failure {
  readonly reason: FailureReason;
  readonly message: string;
}

interface DownloadFailureOptions extends ErrorOptions {
  readonly transient?: boolean;
  readonly retryAfterMilliseconds?: number | undefined;
}

/** A download that failed, and whether asking again could help. */
export class DownloadFailure extends UnusableInput {
  /** False if the same question would get the same answer. */
  readonly transient: boolean;
  /** How long the server wants to be left alone, if it said so. */
  readonly retryAfterMilliseconds: number | undefined;

  constructor(
    reason: FailureReason,
    message: string,
    { transient = false, retryAfterMilliseconds, cause }: DownloadFailureOptions = {},
  ) {
    super(reason, message, { cause });
    this.transient = transient;
    this.retryAfterMilliseconds = retryAfterMilliseconds;
  }
}

/** What the network or a protocol error comes to: nothing lasting is known about the image. */
export function networkFailure(cause: unknown): DownloadFailure {
  if (cause instanceof DownloadFailure) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  const detail = code && !message.includes(code) ? `${code}: ${message}` : message;
  return new DownloadFailure('unreachable', detail, { transient: true, cause });
}
