import { quoteList } from '@rodpo/errors';
import { z } from 'zod';

/** Of a setting that there is none of, those that there are. Zod has words for all else that is wrong. */
export const namingKeys: z.core.$ZodErrorMap = ({ code, inst, keys }) => {
  if (code !== 'unrecognized_keys' || !(inst instanceof z.ZodObject)) return undefined;
  const known = quoteList(Object.keys(inst.shape), 40);
  return `Expected no other settings than ${known}, got ${quoteList(keys as string[])}`;
};
