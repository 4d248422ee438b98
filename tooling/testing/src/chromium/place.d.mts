export declare const cacheFolder: string;
export declare function executableIn(folder: string): string;
