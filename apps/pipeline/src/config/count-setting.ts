import { z } from 'zod';

/** A count, which must fit into the 32-bit integers that arrays and tensors are numbered by. */
export const count = z
  .int()
  .positive()
  .max(2 ** 31 - 1);
