import { ActionableError } from '@rodpo/errors';

/** What is asked for goes by times, and there are none. */
export class TimesMissingError extends ActionableError {
  override readonly name = 'TimesMissingError';
}
