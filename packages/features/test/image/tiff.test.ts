import { UnusableInput } from '@rodpo/features';
import { decodeImage } from '@rodpo/features/image';
import sharp from 'sharp';
import { expect, test } from 'vitest';

interface Kind {
  readonly order?: 'II' | 'MM';
  readonly big?: boolean;
  readonly photometric?: number;
  readonly compression?: number;
  /** `[4, channels]`. */
  readonly samples?: Uint8Array;
  /** What the channels beyond those of the colour are: 0 is not said, 2 is alpha. */
  readonly extra?: readonly number[];
}

const pixels = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30);

/** A TIFF of 2 × 2 pixels, written by hand after the specification. */
function tiffOf({
  order = 'II',
  big = false,
  photometric = 2,
  compression = 1,
  samples = pixels,
  extra = [],
}: Kind): Buffer {
  const isLittle = order === 'II';
  const tags: [tag: number, ...values: number[]][] = [
    [256, 2],
    [257, 2],
    [258, 8],
    [259, compression],
    [262, photometric],
    [273, big ? 300 : 200], // where the strip is
    [277, samples.length / 4],
    [278, 2],
    [279, samples.length],
  ];
  if (extra.length > 0) tags.push([338, ...extra]);
  const bytes = Buffer.alloc(big ? 400 : 300);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  bytes.write(order, 'latin1');
  view.setUint16(2, big ? 43 : 42, isLittle);
  if (big) {
    view.setUint16(4, 8, isLittle);
    view.setBigUint64(8, 16n, isLittle);
    view.setBigUint64(16, BigInt(tags.length), isLittle);
  } else {
    view.setUint32(4, 8, isLittle);
    view.setUint16(8, tags.length, isLittle);
  }
  const [first, size] = big ? [24, 20] : [10, 12];
  for (const [index, [tag, ...values]] of tags.entries()) {
    const at = first + index * size;
    view.setUint16(at, tag, isLittle);
    view.setUint16(at + 2, 3, isLittle);
    if (big) view.setBigUint64(at + 4, BigInt(values.length), isLittle);
    else view.setUint32(at + 4, values.length, isLittle);
    for (const [place, value] of values.entries()) {
      view.setUint16(at + (big ? 12 : 8) + 2 * place, value, isLittle);
    }
  }
  bytes.set(samples, big ? 300 : 200);
  return bytes;
}

const layouts: Kind[] = [{}, { order: 'MM' }, { big: true }, { order: 'MM', big: true }];

test.each(layouts)('RGB is read as it is: %j', async (layout) => {
  expect(await decodeImage(tiffOf(layout))).toEqual({ width: 2, height: 2, data: pixels });
});

const colours: [name: string, photometric: number, samples: number[]][] = [
  ['grey', 1, [10, 20, 30, 40]],
  ['RGB', 2, [...pixels]],
  ['CMYK', 5, [10, 20, 30, 40, 0, 0, 0, 0, 255, 0, 9, 0, 1, 2, 3, 4]],
];
const beyond: [what: string, extra: number[]][] = [
  ['alpha', [2]],
  ['a channel more', [0]],
];

test.each(
  colours.flatMap(([colour, ...kind]) => beyond.map((more) => [colour, ...more, ...kind] as const)),
)(
  '%s with %s is read by its colours alone',
  async (_colour, _what, extra, photometric, samples) => {
    const width = samples.length / 4;
    const pixelsOf = (more: readonly number[]) =>
      [0, 1, 2, 3].flatMap((at) => [...samples.slice(at * width, (at + 1) * width), ...more]);
    const longer = Uint8Array.from(pixelsOf(extra.map(() => 77)));
    const plain = { photometric, samples: Uint8Array.from(samples) };

    expect(await decodeImage(tiffOf({ photometric, samples: longer, extra }))).toEqual(
      await decodeImage(tiffOf(plain)),
    );
  },
);

test('of more channels than the decoder takes it is not supported, and not called damaged', async () => {
  const samples = new Uint8Array(4 * 6);
  const image = decodeImage(tiffOf({ photometric: 5, samples, extra: [2, 0] }));

  await expect(image).rejects.toMatchObject({ name: 'UnusableInput', reason: 'unsupported' });
});

/** As the decoder shows it, these were other colours than they are, or "corrupt". */
const refused: [what: string, kind: Kind, says: RegExp][] = [
  ['YCbCr', { photometric: 6 }, /colour space YCbCr.*Convert it/],
  ['YCbCr in LZW', { photometric: 6, compression: 5 }, /colour space YCbCr/],
  ['CIELAB', { photometric: 8 }, /colour space CIE L\*a\*b\*/],
  ['ICCLAB', { photometric: 9 }, /colour space ICC L\*a\*b\*/],
  ['LogLuv', { photometric: 32845 }, /colour space LogLuv/],
  ['ZSTD', { compression: 50000 }, /compression ZSTD.*Save it/],
  ['LZMA', { compression: 34925 }, /compression LZMA/],
  ['JPEG 2000', { compression: 34712 }, /compression JPEG 2000/],
  ['an unknown compression', { compression: 65000 }, /compression scheme 65000/],
];

test.each(
  layouts.flatMap((layout) =>
    refused.map(([what, kind, says]) => ({ ...layout, ...kind, what, says })),
  ),
)(
  '$what is not supported, and not called damaged: $order $big',
  async ({ what: _, says, ...kind }) => {
    const error = await decodeImage(tiffOf(kind)).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(UnusableInput);
    expect(error).toMatchObject({ reason: 'unsupported', message: expect.stringMatching(says) });
  },
);

test('YCbCr that JPEG compresses is read, as it becomes RGB', async () => {
  const red = { create: { width: 16, height: 16, channels: 3, background: '#c02040' } } as const;
  const tiff = await sharp(red).tiff({ compression: 'jpeg', quality: 95 }).toBuffer();

  const [r, g, b] = (await decodeImage(tiff)).data;
  expect(Math.max(Math.abs(r! - 0xc0), Math.abs(g! - 0x20), Math.abs(b! - 0x40))).toBeLessThan(6);
});

test('a TIFF that points beyond its end is damaged', async () => {
  for (const length of [8, 9, 30, 60]) {
    const error = await decodeImage(tiffOf({}).subarray(0, length)).catch((thrown) => thrown);
    expect(error).toMatchObject({ reason: 'corrupt' });
  }
});
