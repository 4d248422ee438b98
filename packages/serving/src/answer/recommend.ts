import type { Bundle } from '../bundle/bundle.ts';
import type { ItemVectors } from '../bundle/item-vectors.ts';
import type { HistoryReader, ReadableHistory } from '../reading/history-reader.ts';
import type { ScoredItem } from '../scan/best-list.ts';
import type { ExactScan, ScanRequest } from '../scan/exact-scan.ts';
import type { Answer } from './answer.ts';
import type { Catalogue } from './catalogue.ts';
import { diversify } from './diversify.ts';
import type { RecommendRequest } from './request.ts';
import { takeTurns } from './take-turns.ts';

/** What answers are made with. */
export interface Model {
  readonly bundle: Bundle;
  readonly catalogue: Catalogue;
  readonly vectors: ItemVectors;
  readonly reader: HistoryReader;
  readonly scan: ExactScan;
}

/** A request in the model's terms. */
interface Question extends ScanRequest {
  readonly request: RecommendRequest;
  /** What is known of the history. */
  readonly history: ReadableHistory;
  readonly unknown: readonly string[];
}

/** Answers all requests, which were checked: those that the model can answer in one go. */
export async function recommendAll(
  model: Model,
  requests: readonly RecommendRequest[],
): Promise<Answer[]> {
  const questions = requests.map((request) => questionOf(model, request));
  const read = questions.filter(({ history }) => history.items.length > 0);
  const users = await model.reader.read(read.map(({ history }) => history));
  const lists = await model.scan.best(users, read);
  // One that the encoder makes no numbers of is answered as if nothing of it were known.
  const { width } = model.bundle.settings;
  const isRated = (place: number) =>
    users.subarray(place * width, (place + 1) * width).every(Number.isFinite);
  const rated = [...read.entries()].filter(([place]) => isRated(place));
  const byModel = new Map(rated.map(([place, question]) => [question, lists[place]!]));
  const answers: Answer[] = [];
  const othersTurn = takeTurns();
  for (const question of questions) {
    const { count, isWanted } = question;
    const list = byModel.get(question);
    const pool = list ?? model.catalogue.popular(count, isWanted);
    answers.push(answerOf(model, question, pool, list ? 'model' : 'popularity'));
    await othersTurn();
  }
  return answers;
}

/**
 * Items to choose different ones from: more would be worse, and cost more. Beyond 1000 more than are
 * asked for, the cost would grow with the square of the count, and one request would hold up all others.
 */
const poolSize = (count: number) => Math.max(100, Math.min(10 * count, count + 1000));

function questionOf({ catalogue }: Model, request: RecommendRequest): Question {
  const { history = [], times, count = 10, exclude = [], repeats = false } = request;
  const places = [...history.keys()].filter(
    (place) => catalogue.indexOf(history[place]!) !== undefined,
  );
  const items = places.map((place) => catalogue.indexOf(history[place]!)!);
  const left = new Set([...(repeats ? [] : items), ...exclude.map(catalogue.indexOf)]);
  const passes = catalogue.passes(request.filter);
  return {
    request,
    history: { items, ...(times ? { times: places.map((place) => times[place]!) } : {}) },
    unknown: history.filter((id) => catalogue.indexOf(id) === undefined),
    count: request.diversity ? poolSize(count) : count,
    ...(request.filter === undefined ? { refused: left.size } : {}),
    isWanted: (item) => !left.has(item) && passes(item),
  };
}

function answerOf(
  { catalogue, vectors }: Model,
  { request, unknown }: Question,
  pool: readonly ScoredItem[],
  source: Answer['source'],
): Answer {
  const { count = 10, diversity = 0 } = request;
  const options = { count, diversity, vectorOf: (item: number) => vectors.of(item) };
  const found = diversity > 0 ? diversify(pool, options) : pool;
  const items = found.map(({ item, score }) => ({ ...catalogue.items[item]!, score }));
  return { items, source, unknown };
}
