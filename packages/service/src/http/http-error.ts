/** What a client is told of a request that was not answered. */
export interface ErrorBody {
  /** One word for programs. */
  readonly code: string;
  /** What was expected, what came, what to do. */
  readonly message: string;
  /** The same id is in the log. */
  readonly requestId: string;
  /** Of a body or a query that does not fit: where, and what was expected there. */
  readonly problems?: readonly Problem[];
}

/** A part of a request that does not fit. */
export interface Problem {
  /** `history[2]`, or `[3].count` in a list of requests; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** A request that is answered with an error, as its sender can understand it. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly problems: readonly Problem[] | undefined;

  constructor(
    status: number,
    code: string,
    { message, problems }: { readonly message: string; readonly problems?: readonly Problem[] },
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}
