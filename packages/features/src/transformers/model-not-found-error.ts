import { ActionableError } from '@rodpo/errors';
/** A model cannot be had: files are missing, and the hub was not asked or did not give them. */
export class ModelNotFoundError extends ActionableError {
  override readonly name = 'ModelNotFoundError';
  /** As it was asked for: an id or a folder. */
  readonly model: string;
  /** Each place that was tried, and what it lacked. */
  readonly tried: readonly string[];

  constructor(
    model: string,
    tried: readonly string[],
    { advice, cause }: { readonly advice: string; readonly cause?: unknown },
  ) {
    const places = tried.map((place) => `\n- ${place}`).join('');
    super(`The model ${model} cannot be had. Tried:${places}\n${advice}`, { cause });
    this.model = model;
    this.tried = tried;
  }
}
