import { ActionableError } from '@rodpo/errors';
/** Neither of the packages that run neural models is installed. */
export class TransformersNotFoundError extends ActionableError {
  override readonly name = 'TransformersNotFoundError';

  constructor(packages: readonly string[], options?: ErrorOptions) {
    super(
      `A neural model needs one of ${packages.join(', ')}, and none is installed. They are ` +
        `optional peers: \`npm install ${packages[0]}\`, or take a descriptor without weights.`,
      options,
    );
  }
}
