import type { NamedArray } from '@rodpo/files';
import fc from 'fast-check';

/** Tensors of the shapes, of each type that can be written. */
export function anyTensor(anyShape: fc.Arbitrary<number[]>): fc.Arbitrary<NamedArray> {
  return anyShape.chain((shape) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const of = <Value>(value: fc.Arbitrary<Value>) =>
      fc.array(value, { minLength: size, maxLength: size });
    const data = fc.oneof(
      of(fc.float()).map((values) => Float32Array.from(values)), // NaN and infinities too
      of(fc.integer()).map((values) => Int32Array.from(values)),
      of(fc.nat(255)).map((values) => Uint8Array.from(values)),
    );
    return data.map((values) => ({ shape, data: values }));
  });
}

/** Any but those that the format and the checksum keep for themselves. */
const anyName = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor', '1', '0', ''))
  .filter((name) => name !== '__metadata__' && name !== 'sha256');

/** Up to six values by any names. */
export function dictionary<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value>> {
  return fc
    .uniqueArray(fc.tuple(anyName, value), { selector: ([name]) => name, maxLength: 6 })
    .map((entries) => Object.fromEntries(entries));
}
