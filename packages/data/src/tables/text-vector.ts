import type { DuckDBBlobVector, DuckDBVector } from '@duckdb/node-api';

/**
 * Texts of a column `encode(text)`, without nulls where they are asked for. DuckDB hands longer texts out
 * one by one, each in memory of its own, which takes a microsecond and keeps the collector busy. They
 * mostly lie end to end; such a run is taken out at once.
 */
export class TextVector {
  private readonly vector: DuckDBBlobVector;
  private readonly headers: DataView | undefined;
  private inline: Buffer | undefined;
  private runs: readonly Run[] | undefined;

  constructor(vector: DuckDBVector) {
    this.vector = vector as DuckDBBlobVector;
    // Private to DuckDB's types; should it ever go, each text is asked for.
    const { dataView } = vector as unknown as { dataView?: unknown };
    this.headers = dataView instanceof DataView ? dataView : undefined;
  }

  at(row: number): string {
    const { headers } = this;
    if (!headers) return textOf(this.vector.getItemBytes(row)!);
    const length = headers.getUint32(headerBytes * row, true);
    if (length <= inlineBytes) {
      this.inline ??= Buffer.from(headers.buffer, headers.byteOffset, headers.byteLength);
      const start = headerBytes * row + 4;
      return this.inline.toString('utf8', start, start + length);
    }
    this.runs ??= runsOf(headers, this.vector.itemCount);
    const run = this.runs.findLast(({ firstRow }) => firstRow <= row)!;
    run.bytes ??= this.bytesOf(run);
    const start = pointerOf(headers, row) - run.pointer;
    return run.bytes.toString('utf8', start, start + length);
  }

  /** By a vector of one row, whose text is the run. */
  private bytesOf({ pointer, length }: Run): Buffer {
    const header = new DataView(new ArrayBuffer(headerBytes));
    header.setUint32(0, length, true);
    header.setBigUint64(8, BigInt(pointer), true);
    const kind = this.vector.constructor as OneRow;
    const bytes = new kind(header, { itemValid: () => true }, undefined, 0, 1).getItemBytes(0)!;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

type OneRow = new (
  headers: DataView,
  validity: { itemValid: () => boolean },
  vector: undefined,
  offset: number,
  rows: number,
) => DuckDBBlobVector;

/** Texts that lie end to end in memory. */
interface Run {
  readonly firstRow: number;
  readonly pointer: number;
  length: number;
  bytes?: Buffer;
}

/** Of a row: its text's length in 4 bytes, then up to 12 bytes of text, or 4 of them and a pointer. */
const headerBytes = 16;
const inlineBytes = 12;

/** Every byte of a run belongs to a text of the column: nothing else is ever read. */
function runsOf(headers: DataView, rows: number): Run[] {
  const runs: Run[] = [];
  let last: Run | undefined;
  for (let row = 0; row < rows; row++) {
    const length = headers.getUint32(headerBytes * row, true);
    if (length <= inlineBytes) continue;
    const pointer = pointerOf(headers, row);
    if (last && last.pointer + last.length === pointer) {
      last.length += length;
    } else {
      last = { firstRow: row, pointer, length };
      runs.push(last);
    }
  }
  return runs;
}

/** Addresses have fewer than 53 bits. */
function pointerOf(headers: DataView, row: number): number {
  const at = headerBytes * row + 8;
  return headers.getUint32(at + 4, true) * 2 ** 32 + headers.getUint32(at, true);
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}
