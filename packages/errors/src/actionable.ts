/** The same symbol in every copy of this package, so that two of them in one program agree. */
const marker = Symbol.for('@rodpo/errors: actionable');

/**
 * Marks an error whose message alone tells a person what was expected, what came and what to do. A
 * program shows such a message without its stack. Errors that are not marked are faults of the
 * program, and a `RangeError` of the JavaScript engine is one of those.
 */
export function actionable<Kind extends Error>(error: Kind): Kind {
  Object.defineProperty(error, marker, { value: true });
  return error;
}

/** Whether an error was marked by `actionable`, or is an `ActionableError`. */
export function isActionable(error: unknown): error is Error {
  return error instanceof Error && (error as { [marker]?: true })[marker] === true;
}

/** What errors with a class of their own extend; set `name` in each. */
export class ActionableError extends Error {
  override readonly name: string = 'ActionableError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    actionable(this);
  }
}
