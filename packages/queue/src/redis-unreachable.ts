import { ActionableError } from '@rodpo/errors';

/** Redis did not answer, or refused the login, within the queue's `timeout`. */
export class RedisUnreachable extends ActionableError {
  override readonly name = 'RedisUnreachable';
  /** `host:port` */
  readonly address: string;
  /** Milliseconds. */
  readonly timeout: number;

  constructor(address: string, timeout: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
    super(
      `Expected Redis at ${address} to answer within ${timeout} ms, ` +
        `got ${reason.replace(/\.$/, '')}. Start Redis, correct the connection, or raise timeout.`,
      { cause },
    );
    this.address = address;
    this.timeout = timeout;
  }
}
