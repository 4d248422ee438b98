import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnusableInput } from '@rodpo/features';
import {
  type FitTextDescriptorOptions,
  fitTextDescriptor,
  hashedNgrams,
  inverseDocumentFrequencies,
  loadTextDescriptor,
  type TextDescriptor,
  type TextDescriptorProgress,
  tfidf,
} from '@rodpo/features/text';
import { openSafetensors, type WritableArray, writeSafetensors } from '@rodpo/files';
import { seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { golden } from './golden.ts';

const { sentences } = golden.pipeline;
const fit = (options: Partial<FitTextDescriptorOptions> = {}, texts = sentences) =>
  fitTextDescriptor(texts, { dimension: 12, random: seededRandom(1), ...options });

async function embedAll(descriptor: TextDescriptor, texts: readonly string[]) {
  return descriptor.embed(await Promise.all(texts.map((text) => descriptor.prepare(text))));
}

const rowsOf = (vectors: Float32Array, width: number) =>
  Array.from({ length: vectors.length / width }, (_, row) =>
    vectors.subarray(row * width, (row + 1) * width),
  );

const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0);

describe('the contract of an embedder', () => {
  test('vectors have the dimension and length 1, and do not depend on the batch', async () => {
    const descriptor = await fit();
    const together = await embedAll(descriptor, sentences);
    const alone = await embedAll(descriptor, [sentences[7]!]);

    expect(descriptor.dimension).toBe(12);
    expect(together).toHaveLength(12 * sentences.length);
    expect(rowsOf(together, 12)[7]).toEqual(alone);
    const lengths = rowsOf(together, 12).map((vector) => Math.hypot(...vector));
    expectAllClose(lengths, new Array(sentences.length).fill(1));
    expect(await descriptor.embed([])).toEqual(new Float32Array());
    await descriptor.dispose();
  });

  test('the description says all that decides the vectors', async () => {
    const { description } = await fit();

    expect(description).toEqual({
      model: 'hashed-tfidf-svd',
      revision: '1',
      dimension: 12,
      words: [1, 2],
      characters: [3, 5],
      featureCount: 2 ** 18,
      minDocuments: 2,
      sublinear: true,
      normalize: true,
      maxCharacters: 8192,
      documentCount: sentences.length,
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });

  test('equal texts, options and draws give equal bits; another seed or text does not', async () => {
    const [first, second] = [await fit(), await fit()];

    expect(second.description).toEqual(first.description);
    expect(await embedAll(second, sentences)).toEqual(await embedAll(first, sentences));
    const others = [
      await fit({ random: seededRandom(2) }),
      await fit({}, sentences.slice(1)),
      await fit({ minDocuments: 3 }),
    ];
    for (const { description } of others) {
      expect(description.checksum).not.toBe(first.description.checksum);
    }
  });
});

test('a pair of equal words per text gives the two axes, worked by hand', async () => {
  // Two kinds of text without any n-gram in common: their TF-IDF rows are two orthogonal unit
  // vectors, so the axes are those rows, and every text lies on one of them.
  const texts = ['aa', 'bb', 'aa', 'bb', 'aa'];
  const descriptor = await fit({ dimension: 2 }, texts);

  expectAllClose(await embedAll(descriptor, texts), [1, 0, 0, 1, 1, 0, 0, 1, 1, 0]);
});

describe('scikit-learn: HashingVectorizer, TfidfTransformer, TruncatedSVD', () => {
  const options = { minDocuments: 1, sublinear: false, powerIterations: 16 };

  test('gives the same cosines', async () => {
    const vectors = rowsOf(await embedAll(await fit(options), sentences), 12);

    golden.pipeline.cosines.forEach((cosines, row) => {
      const found = vectors.map((vector) => dot(vectors[row]!, vector));
      expectAllClose(found, cosines, { relative: 0, absolute: 1e-3 });
    });
  });

  test('gives the same lengths, where they are kept', async () => {
    const descriptor = await fit({ ...options, normalize: false });
    const vectors = rowsOf(await embedAll(descriptor, sentences), 12);

    const lengths = vectors.map((vector) => Math.hypot(...vector));
    expectAllClose(lengths, golden.pipeline.lengths, { relative: 0, absolute: 1e-3 });
  });
});

test('with as many dimensions as texts, cosines are those of the TF-IDF rows', async () => {
  const texts = [...new Set(sentences)].slice(0, 30);
  const counts = texts.map((text) => hashedNgrams(text));
  const frequencies = new Int32Array(2 ** 19);
  for (const { indices } of counts) for (const column of indices) frequencies[column]!++;
  const idf = inverseDocumentFrequencies(frequencies, texts.length);
  const dense = counts.map((count) => {
    const { indices, values } = tfidf(count, idf, { sublinear: true });
    return new Map([...indices].map((column, entry) => [column, values[entry]!]));
  });
  const cosine = (a: Map<number, number>, b: Map<number, number>) =>
    [...a].reduce((sum, [column, value]) => sum + value * (b.get(column) ?? 0), 0);

  const descriptor = await fit({ dimension: 30, minDocuments: 1 }, texts);
  const vectors = rowsOf(await embedAll(descriptor, texts), 30);

  vectors.forEach((vector, row) => {
    const found = vectors.map((other) => dot(vector, other));
    const expected = dense.map((other) => cosine(dense[row]!, other));
    expectAllClose(found, expected, { absolute: 1e-5 });
  });
});

describe('texts', () => {
  test('are cleaned, in full-width letters too', async () => {
    const descriptor = await fit();
    const plain = await embedAll(descriptor, ['rose face cream & honey']);

    for (const text of [
      ' <b>Rose</b>&nbsp;face cream&amp;amp; honey '.replace('cream&', 'cream &'),
      'ｒｏｓｅ face\u200b cream ＆ HONEY',
    ]) {
      expect(await embedAll(descriptor, [text])).toEqual(plain);
    }
  });

  test('that cannot be used are skipped in the fit', async () => {
    const junk = ['', '<br>', undefined as unknown as string, 7 as unknown as string];
    const descriptor = await fit({}, [...junk, ...sentences]);

    expect(descriptor.description).toEqual((await fit()).description);
  });

  test('may come one by one', async () => {
    async function* later() {
      for (const sentence of sentences) yield sentence;
    }
    const descriptor = await fitTextDescriptor(later(), { dimension: 12, random: seededRandom(1) });

    expect(descriptor.description).toEqual((await fit()).description);
  });

  test.each(['', 'ξψ', '☃☃☃ ☂☂☂'])('without anything known have no vector: %j', async (text) => {
    const { prepare } = await fit();

    await expect(prepare(text)).rejects.toThrow(UnusableInput);
    await expect(prepare(text)).rejects.toMatchObject({ reason: 'empty' });
  });

  test('that say nothing in the kept directions become NaN, never zeros', async () => {
    // "aa" thrice outweighs "bb" twice, so the only axis has nothing of "bb".
    const descriptor = await fit({ dimension: 1 }, ['aa', 'aa', 'bb', 'aa', 'bb']);

    expectAllClose(await embedAll(descriptor, ['aa']), [1]);
    expect([...(await embedAll(descriptor, ['bb']))]).toEqual([Number.NaN]);
  });
});

describe('in a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'text-descriptor-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const save = async (name: string) => {
    const descriptor = await fit();
    const file = join(folder, name);
    await descriptor.save(file);
    return { descriptor, file };
  };

  test('a descriptor gives the same bits, and no other file is left', async () => {
    const { descriptor, file } = await save('whole');
    await descriptor.save(file); // again, over itself
    const loaded = await loadTextDescriptor(file);

    expect(loaded.description).toEqual(descriptor.description);
    expect(await embedAll(loaded, sentences)).toEqual(await embedAll(descriptor, sentences));
    expect((await readdir(folder)).filter((name) => name.startsWith('whole'))).toEqual(['whole']);
    await loaded.save(join(folder, 'again'));
    expect(await readFile(join(folder, 'again'))).toEqual(await readFile(file));
  });

  test('it is a safetensors file', async () => {
    const { file } = await save('safetensors');
    const bytes = await readFile(file);
    const headerLength = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.subarray(8, 8 + headerLength).toString());
    const columns = header.columns.shape[0];

    expect(headerLength % 8).toBe(0);
    expect(header).toMatchObject({
      idf: { dtype: 'F64', shape: [columns], data_offsets: [0, 8 * columns] },
      columns: { dtype: 'I32', shape: [columns], data_offsets: [8 * columns, 12 * columns] },
      projection: {
        dtype: 'F32',
        shape: [columns, 12],
        data_offsets: [12 * columns, 60 * columns],
      },
    });
    expect(bytes).toHaveLength(8 + headerLength + 60 * columns);
  });

  test.each([
    { fact: 'cut short', damage: (bytes: Buffer) => bytes.subarray(0, -4) },
    { fact: 'cut within its header', damage: (bytes: Buffer) => bytes.subarray(0, 20) },
    { fact: 'empty', damage: () => Buffer.alloc(0) },
    { fact: 'another file', damage: () => Buffer.from('a text that is long enough') },
    {
      fact: 'changed in one bit',
      damage: (bytes: Buffer) => {
        bytes[bytes.length - 9]! ^= 1;
        return bytes;
      },
    },
    {
      fact: 'changed in a setting',
      damage: (bytes: Buffer) => {
        bytes.write('3', bytes.indexOf('"minDocuments') + 16);
        return bytes;
      },
    },
  ])('one that is $fact is not loaded', async ({ damage }) => {
    const { file } = await save('damaged');
    await writeFile(file, damage(await readFile(file)));

    await expect(loadTextDescriptor(file)).rejects.toThrow(
      /damaged: it is not a whole text descrip/,
    );
  });

  test('one of another revision is not loaded', async () => {
    const { file } = await save('old');
    const { metadata, tensors, read, close } = await openSafetensors(file);
    const arrays: Record<string, WritableArray> = {};
    for (const { name, dtype, shape } of tensors) {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const halves = { F16: Float32Array, BF16: Float32Array };
      const kinds = {
        F64: Float64Array,
        F32: Float32Array,
        ...halves,
        I32: Int32Array,
        U8: Uint8Array,
      };
      const data = new kinds[dtype](size);
      await read(name, data);
      arrays[name] = { shape, data };
    }
    await close();
    const fit = JSON.stringify({ ...JSON.parse(metadata.fit!), revision: '0' });
    await writeSafetensors(file, arrays, { fit });

    await expect(loadTextDescriptor(file)).rejects.toThrow(/revision "0", this is .* revision 1/);
  });

  test('one that is not there is named', async () => {
    await expect(loadTextDescriptor(join(folder, 'none'))).rejects.toThrow(/ENOENT.*none/);
  });
});

describe('progress', () => {
  test('tells of texts, then of matrix products', async () => {
    const seen: TextDescriptorProgress[] = [];
    const texts = Array.from({ length: 1100 }, (_, at) => sentences[at % sentences.length]!);

    await fit({ onProgress: (progress) => seen.push(progress), powerIterations: 1 }, texts);

    expect(seen).toEqual([
      { step: 'count', done: 500, total: undefined },
      { step: 'count', done: 1000, total: undefined },
      { step: 'count', done: 1100, total: 1100 },
      ...[1, 2, 3, 4].map((done) => ({ step: 'factorise', done, total: 4 })),
    ]);
  });

  test('an abort ends the reading of texts, or the factorising', async () => {
    let read = 0;
    const texts = function* () {
      for (; read < 600; read++) yield sentences[read % sentences.length]!;
    };
    const fitUntil = (last: string) => {
      const controller = new AbortController();
      const onProgress = ({ step }: TextDescriptorProgress) => {
        if (step === last) controller.abort(new Error(`enough of ${last}`));
      };
      const options = { dimension: 12, random: seededRandom(1), onProgress };
      return fitTextDescriptor(texts(), { ...options, signal: controller.signal });
    };

    await expect(fitUntil('count')).rejects.toThrow('enough of count');
    expect(read).toBeLessThan(600);
    read = 0;
    await expect(fitUntil('factorise')).rejects.toThrow('enough of factorise');
    expect(read).toBe(600);
  });
});

describe('bad input', () => {
  test('too few texts, columns or directions for the dimension are refused', async () => {
    await expect(fit({ dimension: 91 }, sentences.slice(0, 20))).rejects.toThrow(
      /20 usable texts with \d+ columns in common allow a dimension of at most 20, got 91/,
    );
    await expect(fit({ dimension: 9 }, ['aa', 'aa', ...new Array(20).fill('b')])).rejects.toThrow(
      /at most \d, got 9/,
    );
    await expect(fit({ dimension: 3 }, new Array(50).fill(sentences[0]))).rejects.toThrow(
      /only 1 independent directions, got a dimension of 3/,
    );
    await expect(fit({}, [])).rejects.toThrow(RangeError);
  });

  test.each([
    { dimension: 0 },
    { dimension: 2.5 },
    { minDocuments: 0 },
    { featureCount: 0 },
    { words: [2, 1] as const },
    { maxCharacters: 0 },
    { oversampling: -1 },
    { powerIterations: 0.5 },
  ])('rejects %j', async (options) => {
    await expect(fit(options)).rejects.toThrow(RangeError);
  });
});
