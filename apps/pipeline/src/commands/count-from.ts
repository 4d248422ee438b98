import { requireInteger } from '@rodpo/errors';
import { InvalidArgumentError } from 'commander';

/** A whole number that is `least` or more, as an option of a command. */
export const countFrom =
  (least: number, most?: number) =>
  (value: string): number => {
    const number = value.trim() === '' ? Number.NaN : Number(value);
    try {
      requireInteger('It', number, { from: least, ...(most === undefined ? {} : { to: most }) });
      return number;
    } catch (error) {
      throw new InvalidArgumentError(`${(error as Error).message}.`);
    }
  };
