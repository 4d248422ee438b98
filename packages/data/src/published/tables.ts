import type { TableColumns, TableLayout } from '../tables/table-options.ts';

/** How a published table of interactions is written. */
export interface PublishedTable extends TableLayout {
  readonly columns: TableColumns;
  readonly select?: string;
}

export type PublishedTableName =
  | 'amazon-2014'
  | 'amazon-2014-ratings'
  | 'amazon-2018'
  | 'amazon-2018-ratings'
  | 'amazon-2023'
  | 'amazon-2023-ratings'
  | 'movielens-100k'
  | 'movielens-1m'
  | 'movielens'
  | 'recbole'
  | 's3-rec'
  | 'mind'
  | 'yelp';

const rated = { user: 'user', item: 'item', rating: 'rating', time: 'time' };
const ratedNames = ['user', 'item', 'rating', 'time'];
const whole = '\u001d'; // a delimiter that is in no line

/**
 * Interactions as their authors publish them, by the data set's name. Those of `amazon-2023` are
 * milliseconds, others seconds or dates; all become seconds.
 *
 * @see https://cseweb.ucsd.edu/~jmcauley/datasets.html (Amazon, Steam)
 * @see https://grouplens.org/datasets/movielens/
 * @see https://recbole.io/docs/user_guide/data/atomic_files.html
 * @see https://msnews.github.io (MIND)
 * @see https://business.yelp.com/data/resources/open-dataset/
 */
export const publishedTables: Readonly<Record<PublishedTableName, PublishedTable>> = {
  /** Reviews, `reviews_*.json.gz`; days, so that many times of a user are the same. */
  'amazon-2014': {
    format: 'json-lines',
    columns: { user: 'reviewerID', item: 'asin', rating: 'overall', time: 'unixReviewTime' },
  },
  /** Ratings alone, `ratings_*.csv`. */
  'amazon-2014-ratings': { format: 'csv', names: ratedNames, columns: rated },
  /** Reviews, `*.json.gz`; days. */
  'amazon-2018': {
    format: 'json-lines',
    columns: { user: 'reviewerID', item: 'asin', rating: 'overall', time: 'unixReviewTime' },
  },
  /** Ratings alone, `*.csv`: here the item stands first. */
  'amazon-2018-ratings': {
    format: 'csv',
    names: ['item', 'user', 'rating', 'time'],
    columns: rated,
  },
  /** Reviews, `*.jsonl.gz`; variants of a product are one item, its `parent_asin`. */
  'amazon-2023': {
    format: 'json-lines',
    columns: { user: 'user_id', item: 'parent_asin', rating: 'rating', time: 'timestamp' },
  },
  /** Ratings alone and the benchmark's splits, `*.csv` with a header. */
  'amazon-2023-ratings': {
    format: 'csv',
    columns: { user: 'user_id', item: 'parent_asin', rating: 'rating', time: 'timestamp' },
  },
  /** `u.data`. */
  'movielens-100k': {
    format: 'csv',
    delimiter: '\t',
    quote: '',
    names: ratedNames,
    columns: rated,
  },
  /** `ratings.dat`, that of the 10M set as well. */
  'movielens-1m': { format: 'csv', delimiter: '::', quote: '', names: ratedNames, columns: rated },
  /** `ratings.csv` of `latest`, `latest-small`, `20m`, `25m` and `32m`. */
  movielens: {
    format: 'csv',
    columns: { user: 'userId', item: 'movieId', rating: 'rating', time: 'timestamp' },
  },
  /** An atomic file `*.inter` with times. */
  recbole: {
    format: 'csv',
    delimiter: '\t',
    quote: '',
    columns: { user: 'user_id:token', item: 'item_id:token', time: 'timestamp:float' },
  },
  /** One user a line, oldest item first, as S3-Rec and its successors have it. */
  's3-rec': {
    format: 'csv',
    delimiter: whole,
    quote: '',
    names: ['line'],
    columns: { user: 'user', item: 'item' },
    select:
      'select cells[1] as user, unnest(cells[2:]) as item from (select regexp_split_to_array(trim(line), ' +
      "'[ \\t]+') as cells from source)",
  },
  /**
   * `behaviors.tsv`: a user's clicks before the log, which have no times, and behind them the clicks of
   * the log. So the sequences have an order, and no times.
   */
  mind: {
    format: 'csv',
    delimiter: '\t',
    quote: '',
    names: ['impression', 'user', 'time', 'history', 'impressions'],
    columns: { user: 'user', item: 'item' },
    select: `
      with log as (
        select "user", row_number() over () as row, history, impressions,
          strptime(time, '%m/%d/%Y %-I:%M:%S %p') as time
        from source
      ), earlier as (
        select "user", min(row) as row, unnest(string_split(arg_min(history, row), ' ')) as item,
          generate_subscripts(string_split(arg_min(history, row), ' '), 1) as place
        from log where history <> '' group by "user"
      ), clicks as (
        select "user", row, time, unnest(list_filter(string_split(impressions, ' '), shown ->
          ends_with(shown, '-1'))) as shown
        from log
      )
      select "user", item from (
        select "user", item, null::timestamp as time, row, place from earlier
        union all select "user", left(shown, -2), time, row, 0 from clicks
      ) order by time nulls first, row, place`,
  },
  /** `yelp_academic_dataset_review.json`. */
  yelp: {
    format: 'json-lines',
    columns: { user: 'user_id', item: 'business_id', rating: 'stars', time: 'date' },
  },
};
