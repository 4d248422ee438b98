/** Where a file or folder of the real data is: in `RODPO_DATA`, or in `../shared/data`. */
export function realData(path: string): string;

/** Whether these files and folders are there; says so in one line if not. */
export function hasRealData(...paths: readonly string[]): boolean;
