import type { StepFunction } from '@rodpo/compile';
import { encodeSequences } from '@rodpo/encoder';
import type { Config } from '../config.ts';
import { packedTokens } from './tokens.ts';

/** What the user wants after every token, without dropout: `[tokens, dimension]`. */
export function encodeStep({ encoder, batch }: Config): StepFunction {
  return ({ state, inputs, uniform }) => {
    const options = { ...encoder, rowLength: batch.rowLength, dropout: 0, uniform };
    return { outputs: { hidden: encodeSequences(state, packedTokens(inputs), options) } };
  };
}
