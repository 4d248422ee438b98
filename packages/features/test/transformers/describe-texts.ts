import type { UnusableInput } from '@rodpo/features';
import { clipTexts, sentenceModel } from '@rodpo/features/text';
import { expectAllClose } from '@rodpo/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';
import { tinyBert } from './tiny-bert.ts';
import { endToken, redToken, startToken, tinyClipText } from './tiny-clip-text.ts';
import { mean, unit } from './tiny-weights.ts';
import { writeModel } from './write-model.ts';

// Token ids of the tiny vocabulary: [CLS] text [SEP].
const sentences = [
  { text: 'Red shoes', ids: [2, 5, 7, 8, 3] },
  { text: 'a blue shirt, a red&nbsp;<b>shoe</b>', ids: [2, 4, 6, 9, 10, 4, 5, 7, 3] },
  { text: 'hat', ids: [2, 1, 3] },
];
/** Float32 sums of some ten terms around 1. */
const closeness = { relative: 1e-5, absolute: 1e-6 };

/** Text embedders run by one version of transformers.js, against float64 arithmetic. */
export function describeTexts(transformers: object): void {
  const bert = tinyBert(1);
  const roberta = tinyBert(3, 'roberta');
  const clip = tinyClipText(2);
  const folder = temporaryFolder();
  beforeAll(async () => {
    await writeModel(folder('bert'), bert.files);
    await writeModel(folder('roberta'), roberta.files);
    await writeModel(folder('acme/clip'), clip.files);
  });
  const source = () => ({ folder: folder(), offline: true });

  describe('sentenceModel', () => {
    test.each([
      { pooling: 'mean', normalize: true, expected: (h: number[][]) => unit(mean(h)) },
      { pooling: 'mean', normalize: false, expected: (h: number[][]) => mean(h) },
      { pooling: 'cls', normalize: true, expected: (h: number[][]) => unit(h[0]!) },
      { pooling: 'cls', normalize: false, expected: (h: number[][]) => h[0]! },
    ] as const)('equals the arithmetic: $pooling, normalize $normalize', async (options) => {
      const { pooling, normalize, expected } = options;
      const settings = { model: 'bert', source: source(), transformers, pooling, normalize };
      const embedder = await sentenceModel(settings);
      const prepared = await Promise.all(sentences.map(({ text }) => embedder.prepare(text)));
      const vectors = await embedder.embed(prepared);

      expect(embedder.dimension).toBe(6);
      expect(prepared).toEqual(sentences.map(({ ids }) => ids));
      expectAllClose(
        vectors,
        sentences.flatMap(({ ids }) => expected(bert.hidden(ids))),
        closeness,
      );
      await embedder.dispose();
    });

    test('a vector does not depend on who shares the batch', async () => {
      const embedder = await sentenceModel({ model: 'bert', source: source(), transformers });
      const prepared = await Promise.all(sentences.map(({ text }) => embedder.prepare(text)));
      const together = await embedder.embed(prepared);
      const alone = await Promise.all(prepared.map((ids) => embedder.embed([ids])));

      expectAllClose(
        together,
        alone.flatMap((vector) => [...vector]),
        { relative: 0, absolute: 1e-6 },
      );
      expect(await embedder.embed([])).toEqual(new Float32Array(0));
      await embedder.dispose();
    });

    test('a batch keeps its order, whatever the lengths', async () => {
      const embedder = await sentenceModel({ model: 'bert', source: source(), transformers });
      const lengths = [3, 1, 8, 2, 5, 1, 7, 4, 6, 8, 2, 3, 5, 1, 6, 4, 7];
      const texts = lengths.map((length, index) =>
        [...Array(length - 1).fill('red'), index % 2 ? 'shoe' : 'shirt'].join(' '),
      );
      const prepared = await Promise.all(texts.map((text) => embedder.prepare(text)));

      const expected = prepared.map((ids) => unit(mean(bert.hidden(ids))));
      expectAllClose(await embedder.embed(prepared), expected.flat(), closeness);
      await embedder.dispose();
    });

    test.each([
      // red × 9 is 11 tokens; the limit of the model is 10, and [SEP] stays.
      { maxTokens: undefined, ids: [2, 5, 5, 5, 5, 5, 5, 5, 5, 3] },
      { maxTokens: 4, ids: [2, 5, 5, 3] },
    ])('a long text is cut to $maxTokens tokens, and ends as others do', async (options) => {
      const { maxTokens, ids } = options;
      const limit = maxTokens === undefined ? {} : { maxTokens };
      const settings = { model: 'bert', source: source(), transformers, ...limit };
      const embedder = await sentenceModel(settings);
      const prepared = await embedder.prepare('red '.repeat(9));

      expect(prepared).toEqual(ids);
      expect(embedder.description.maxTokens).toBe(ids.length);
      expectAllClose(await embedder.embed([prepared]), unit(mean(bert.hidden(ids))), closeness);
      await embedder.dispose();
    });

    test('a text is cut to the positions that are not padding’s', async () => {
      const embedder = await sentenceModel({ model: 'roberta', source: source(), transformers });
      const prepared = await embedder.prepare('red '.repeat(9));
      const ids = [2, ...Array(7).fill(5), 3]; // of ten positions, the first is that of padding

      expect(embedder.description.maxTokens).toBe(9);
      expect(prepared).toEqual(ids);
      expectAllClose(await embedder.embed([prepared]), unit(mean(roberta.hidden(ids))), closeness);
      await embedder.dispose();
    });

    test.each(['red '.repeat(25_000), 'r'.repeat(100_000), '[CLS]'.repeat(20_000)])(
      'a text of 100 kB has a vector',
      async (text) => {
        const embedder = await sentenceModel({ model: 'bert', source: source(), transformers });
        const vector = await embedder.embed([await embedder.prepare(text)]);

        expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
        await embedder.dispose();
      },
    );

    test('a text without tokens is empty', async () => {
      const embedder = await sentenceModel({ model: 'bert', source: source(), transformers });

      for (const text of ['', ' <br> ', '\u0301']) {
        await expect(embedder.prepare(text)).rejects.toMatchObject({
          name: 'UnusableInput',
          reason: 'empty',
        } satisfies Partial<UnusableInput>);
      }
      await embedder.dispose();
    });

    test.each([2, 11, 2.5, Number.NaN])('refuses maxTokens %d', async (maxTokens) => {
      const settings = { model: 'bert', source: source(), transformers, maxTokens };

      await expect(sentenceModel(settings)).rejects.toThrow(
        /maxTokens must be an integer between 3 and 10/,
      );
    });

    test('describes what decides its vectors', async () => {
      const embedder = await sentenceModel({ model: 'bert', source: source(), transformers });

      expect(embedder.description).toEqual({
        model: 'bert',
        revision: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        runtime: expect.stringMatching(/^@(xenova|huggingface)\/transformers@[234]\.\d+\.\d+$/),
        dtype: 'fp32',
        device: 'cpu',
        pooling: 'mean',
        normalize: true,
        maxTokens: 10,
        maxCharacters: 8192,
      });
      await embedder.dispose();
    });
  });

  describe('clipTexts', () => {
    const texts = [
      { text: 'Red', ids: [startToken, redToken, endToken] },
      // t, then o at the end of a word; "red" is merged
      { text: 'to red', ids: [startToken, 19, 40, redToken, endToken] },
      // eight tokens fit, the last of which is the end token from which the vector is taken
      { text: 'red '.repeat(30), ids: [startToken, ...Array(6).fill(redToken), endToken] },
    ];

    test.each([true, false])('equals the arithmetic: normalize %s', async (normalize) => {
      const settings = { model: 'acme/clip', source: source(), transformers, normalize };
      const embedder = await clipTexts(settings);
      const prepared = await Promise.all(texts.map(({ text }) => embedder.prepare(text)));

      expect(prepared).toEqual(texts.map(({ ids }) => ids));
      const expected = texts.map(({ ids }) => clip.embed(ids));
      expectAllClose(
        await embedder.embed(prepared),
        expected.flatMap((vector) => (normalize ? unit(vector) : vector)),
        closeness,
      );
      expect(embedder.dimension).toBe(5);
      expect(embedder.description).toMatchObject({ model: 'acme/clip', pooling: 'text_embeds' });
      await embedder.dispose();
    });
  });
}
