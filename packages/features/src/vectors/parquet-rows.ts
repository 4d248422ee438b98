import { type FileHandle, open } from 'node:fs/promises';
import zlib from 'node:zlib';
import { loadOptional, quote } from '@rodpo/errors';
import type { AsyncBuffer, FileMetaData, ParquetParsers } from 'hyparquet';
import { checkCodecs, checkColumns, type ParquetColumns } from './parquet-columns.ts';
import { readExactly } from './read-exactly.ts';
import { VectorFileError } from './vector-file-error.ts';

/** Undoes a compression: bytes → `outputLength` bytes. By the name that Parquet gives it. */
export type Compressors = Readonly<
  Record<string, (input: Uint8Array, outputLength: number) => Uint8Array>
>;

/** An item as the file has it: an id that is null is empty, a vector that is null undefined. */
export interface Row {
  readonly id: string;
  readonly vector: readonly (number | null)[] | undefined;
}

export interface ReadRowGroupsOptions {
  readonly columns: ParquetColumns;
  readonly compressors: Compressors;
}

/** One row group after the other: a group is decoded as a whole, so it bounds the memory. */
export async function* readRowGroups(
  file: string,
  { columns, compressors }: ReadRowGroupsOptions,
): AsyncGenerator<Row[], void> {
  const hyparquet = await loadOptional('hyparquet', () => import('hyparquet'));
  const handle = await open(file, 'r');
  try {
    const buffer = await fileBuffer(file, handle);
    const metadata = await guarded<FileMetaData>(file, () =>
      hyparquet.parquetMetadataAsync(buffer),
    );
    const codecs = { ...builtInCompressors(), ...compressors };
    checkColumns(file, hyparquet.parquetSchema(metadata), columns);
    const known = new Set(['UNCOMPRESSED', 'SNAPPY', ...Object.keys(codecs)]);
    checkCodecs(file, metadata, { columns, known });
    let rowStart = 0;
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      if (rowEnd === rowStart) continue;
      const rows = await guarded(file, () =>
        hyparquet.parquetReadObjects({
          file: buffer,
          metadata,
          columns: [columns.id, columns.vector],
          rowStart,
          rowEnd,
          compressors: codecs,
          parsers: strictText(file),
        }),
      );
      yield rows.map((row) => ({
        id: String(row[columns.id] ?? ''),
        vector: row[columns.vector] ?? undefined,
      }));
      rowStart = rowEnd;
    }
  } finally {
    await handle.close();
  }
}

/** What Node can undo by itself, ZSTD from 22.15 on; hyparquet has SNAPPY. */
function builtInCompressors(): Compressors {
  // Not in the types of the oldest Node that is supported.
  const { zstdDecompressSync } = zlib as object as { zstdDecompressSync?: typeof zlib.gunzipSync };
  return {
    GZIP: (input) => zlib.gunzipSync(input),
    BROTLI: (input) => zlib.brotliDecompressSync(input),
    ...(zstdDecompressSync && { ZSTD: (input) => zstdDecompressSync(input) }),
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** As the peer reads values, but for strings that are not UTF-8: those would merge ids. */
function strictText(file: string): Pick<ParquetParsers, 'stringFromBytes'> {
  return {
    stringFromBytes: (bytes: Uint8Array | undefined) => {
      if (!bytes) return bytes; // a null
      try {
        return utf8.decode(bytes);
      } catch (cause) {
        const legible = quote(new TextDecoder().decode(bytes.subarray(0, 1000)));
        throw new VectorFileError(file, `expected strings in UTF-8, got ${legible}`, { cause });
      }
    },
  };
}

async function fileBuffer(file: string, handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      if (end > size) {
        // Asked for by a damaged footer; not to be taken at its word when memory is set aside.
        throw new VectorFileError(
          file,
          `cut short: it has ${size} bytes, its footer tells of ${end}`,
        );
      }
      const bytes = new Uint8Array(end - start);
      await readExactly(file, handle, { into: bytes, position: start });
      return bytes.buffer;
    },
  };
}

/** The peer's errors name neither the file nor what to make of them. */
async function guarded<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof VectorFileError) throw cause;
    const reason = quote(cause instanceof Error ? cause.message : String(cause), 200);
    throw new VectorFileError(file, `not a Parquet file, or a damaged one: ${reason}`, { cause });
  }
}
