import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import type { Pixels } from '@rodpo/features/image';

/** Pixels as the Python scripts keep them: `data` is zlib, base64. */
export interface PackedPixels {
  readonly width: number;
  readonly height: number;
  readonly data: string;
}

export function readGolden<Golden>(name: string): Golden {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));
}

export function imagePath(file: string): string {
  return fileURLToPath(new URL(`../golden/images/${file}`, import.meta.url));
}

export function unpackPixels({ width, height, data }: PackedPixels): Pixels {
  return { width, height, data: new Uint8Array(inflateSync(Buffer.from(data, 'base64'))) };
}

/** Little-endian float32, base64. */
export function unpackFloats(data: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(data, 'base64')).buffer);
}

export interface Difference {
  readonly mean: number;
  readonly max: number;
}

/** @throws {Error} if the lengths differ, or a value is NaN */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): Difference {
  if (actual.length !== expected.length || actual.length === 0) {
    throw new Error(`Expected ${expected.length} values, got ${actual.length}`);
  }
  let sum = 0;
  let max = 0;
  for (let index = 0; index < actual.length; index++) {
    const distance = Math.abs(actual[index]! - expected[index]!);
    sum += distance;
    max = Math.max(max, distance);
  }
  if (Number.isNaN(sum)) throw new Error('Expected numbers, got NaN');
  return { mean: sum / actual.length, max };
}
