import { readdirSync, readFileSync } from 'node:fs';
import { hasRealData, realData } from '@rodpo/testing/data';

export const models: string = realData('models');
export const hasPosters: boolean = hasRealData('models/mobilenet_v1_trunk', 'movielens-posters');

export interface Poster {
  readonly path: string;
  readonly genres: ReadonlySet<string>;
}

/** Posters of the MovieLens films whose genres are known, in the order of their file names. */
export function readPosters(): Poster[] {
  const genres = new Map([...readGenres100k(), ...readGenresSmall()]);
  return readdirSync(realData('movielens-posters'))
    .sort()
    .filter((file) => genres.has(file))
    .map((file) => ({
      path: realData(`movielens-posters/${file}`),
      genres: new Set(genres.get(file)!.split('|')),
    }));
}

function readGenres100k(): [file: string, genres: string][] {
  return lines('movielens-100k/posters.tsv').map((line) => {
    const [, , genres, , file] = line.split('\t');
    return [file!, genres!];
  });
}

/** Titles may hold commas; the id before them and the genres behind them do not. */
function readGenresSmall(): [file: string, genres: string][] {
  return lines('movielens-small/movies.csv')
    .map((line): [string, string] => [
      `${line.slice(0, line.indexOf(','))}.jpg`,
      line.slice(line.lastIndexOf(',') + 1),
    ])
    .filter(([, genres]) => genres !== '(no genres listed)');
}

function lines(path: string): string[] {
  return readFileSync(realData(path), 'utf8').trim().split(/\r?\n/).slice(1);
}
