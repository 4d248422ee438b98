import '@rodpo/testing/tfjs';
import {
  hm4srEncoder,
  importanceLoss,
  type MixtureSettings,
  route,
  transformerEncoder,
} from '@rodpo/encoder';
import { isActionable } from '@rodpo/errors';
import { tensor, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

const logits = () => tensor2d([[1, 2, 3]]);
const mixture = (change: Partial<MixtureSettings>) =>
  transformerEncoder({
    ...{ itemCount: 5, maxLength: 4, dimension: 4, blockCount: 1, headCount: 1 },
    experts: { expertCount: 3, activeCount: 2, width: 4, ...change },
  });

test.each<[option: string, word: string, use: (word: never) => unknown]>([
  ['scoring', 'Sigmoid', (scoring) => route(logits(), { activeCount: 2, scoring })],
  ['scoring', 'Sigmoid', (scoring) => mixture({ scoring })],
  ['balance.loss', 'Switch', (loss) => mixture({ balance: { loss, weight: 0.1 } })],
  [
    'alignment.balance.loss',
    'Switch',
    (loss) =>
      hm4srEncoder({
        ...{ itemCount: 5, maxLength: 4, vectors: {}, temporal: null },
        alignment: { expertCount: 3, activeCount: 2, balance: { loss, weight: 0.1 } },
      }),
  ],
  [
    'variance',
    'unbiased',
    (variance) => {
      const routing = route(logits(), { activeCount: 2 });
      return importanceLoss({ routing, mask: tensor([1]) }, { variance });
    },
  ],
])('%s: %j does not pass for another word', (option, word, use) => {
  const place = () => use(word as never);

  expect(place).toThrow(`${option} must be one of "`);
  try {
    place();
  } catch (error) {
    expect(isActionable(error)).toBe(true);
  }
});
