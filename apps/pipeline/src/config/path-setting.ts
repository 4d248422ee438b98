import { z } from 'zod';

/** A path in a config. An empty one would be taken for the folder that it is relative to. */
export const path: z.ZodString = z.string().min(1, 'Expected a path, got an empty text');
