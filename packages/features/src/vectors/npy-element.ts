import { endianness } from 'node:os';

/** How the values of a `.npy` file are stored. */
export interface NpyElement {
  /** NumPy's name for it, such as `<f4`. */
  readonly descr: string;
  readonly bytes: number;
  readonly decode: (view: DataView, offset: number) => number;
}

/** Float32 as this machine keeps it: little-endian almost everywhere. */
export const nativeFloat32: string = endianness() === 'LE' ? '<f4' : '>f4';

/** The element types that are read, by NumPy's name. */
export const elementTypes: ReadonlyMap<string, NpyElement> = new Map(
  [true, false].flatMap((isLittle) =>
    elementsOf(isLittle).map((element) => [element.descr, element] as const),
  ),
);

function elementsOf(isLittle: boolean): NpyElement[] {
  const order = isLittle ? '<' : '>';
  return [
    {
      descr: `${order}f2`,
      bytes: 2,
      decode: (view, offset) => halfToNumber(view.getUint16(offset, isLittle)),
    },
    {
      descr: `${order}f4`,
      bytes: 4,
      decode: (view, offset) => view.getFloat32(offset, isLittle),
    },
    {
      descr: `${order}f8`,
      bytes: 8,
      decode: (view, offset) => view.getFloat64(offset, isLittle),
    },
  ];
}

/** IEEE 754 binary16: 1 sign bit, 5 of the exponent, 10 of the fraction. */
function halfToNumber(code: number): number {
  const sign = code & 0x8000 ? -1 : 1;
  const exponent = (code >> 10) & 0x1f;
  const fraction = code & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
