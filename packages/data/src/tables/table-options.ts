import type { TimeUnit } from '../dataset/time-unit.ts';
import type { InteractionsReport } from '../interactions/intake-report.ts';

export type TableFormat = 'csv' | 'json-lines' | 'parquet';

/** Columns of the table, or of what `select` makes of it, by their names. */
export interface TableColumns {
  /** Texts or whole numbers; `007` and `7` are two users. */
  readonly user: string;
  readonly item: string;
  /** Numbers, dates, or texts of either. Default: none, and the order of the table is the order. */
  readonly time?: string;
  /** Numbers; needed for `minRating` alone. */
  readonly rating?: string;
}

/** How a table is written; what is left out is told by the name of its first file. */
export interface TableLayout {
  /** Default: by the ending, with `.gz` or `.zst` behind it or not. */
  readonly format?: TableFormat;
  /** Of CSV. Default: a comma; a tabulator for `.tsv`, `.tab` and `.inter`; `::` for `.dat`. */
  readonly delimiter?: string;
  /** Of CSV: what stands around cells; '' for nothing. Default: `"` with commas, else nothing. */
  readonly quote?: string;
  /** Of CSV: the names of the columns, where the file has no header. */
  readonly names?: readonly string[];
  /** Of CSV. Default `utf-8`, and a file that is something else is refused. */
  readonly encoding?: 'utf-8' | 'latin-1';
}

export interface ReadTableOptions extends TableLayout {
  readonly columns: TableColumns;
  /**
   * A query of DuckDB's SQL over the table `source`, whose result is read in its place. JSON Lines have
   * one column in it, `json`: `select json->>'$.user.id' as user, … from source`.
   */
  readonly select?: string;
  /** Interactions with a lower rating are left out; needs `columns.rating`. Default: none is. */
  readonly minRating?: number;
  /**
   * What times that are numbers are in; the dataset has seconds. Default 'auto': what makes plausible
   * dates of them, or the times as they are if nothing does. Dates need no unit.
   */
  readonly timeUnit?: TimeUnit | 'auto';
  /** What DuckDB may take beside the result, as `800MB` or `4GB`; more is kept on disk. Default `1GB`. */
  readonly memoryLimit?: string;
  /** That work at a time: this one, and DuckDB's others. Default: as many as the machine has cores. */
  readonly threads?: number;
  /** Where DuckDB keeps what memory doesn't hold; removed at the end. Default: the system's. */
  readonly temporaryFolder?: string;
  readonly signal?: AbortSignal;
  /** Told as the reading goes on: what is done of the present step, as a share of 1. */
  readonly onProgress?: (step: TableStep, share: number) => void;
}

export type TableStep = 'reading' | 'placing';

/** Rows are those of the files, or of what `select` made of them. */
export interface TableReport extends InteractionsReport {
  /** In the order that they were read in. */
  readonly files: readonly string[];
}
