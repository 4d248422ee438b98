import { canonicalJson, sha256Of } from '@rodpo/files';
import type {
  Answer,
  AnswerItem,
  Manifest,
  Recommender,
  RecommendRequest,
  SimilarOptions,
} from '@rodpo/serving';
import { type Batcher, openBatcher } from '../batching/open-batcher.ts';
import type { ServiceMetrics } from '../metrics/service-metrics.ts';
import type { ServiceSettings } from '../service-options.ts';

/** A bundle with its own queue: whoever was let into it is answered by it, whatever comes after it. */
export interface ServedBundle {
  readonly recommender: Recommender;
  /** Of what its files hold: 12 hexadecimal digits. */
  readonly version: string;
  waiting(): number;
  /** @throws {QueueFullError} @throws {AbandonedError} */
  recommend(requests: readonly RecommendRequest[], signal: AbortSignal): Promise<Answer[]>;
  /** Of an item that the bundle has. @throws {QueueFullError} @throws {AbandonedError} */
  similar(id: string, options: SimilarOptions, signal: AbortSignal): Promise<AnswerItem[]>;
  /** Resolves once all of its requests are answered. */
  idle(): Promise<void>;
}

type Question =
  | { readonly request: RecommendRequest }
  | { readonly similarTo: string; readonly options: SimilarOptions };

export function servedBundle(
  recommender: Recommender,
  { batchSize, windowMs, queueSize }: ServiceSettings,
  metrics: ServiceMetrics,
): ServedBundle {
  const batcher: Batcher<Question, Answer | AnswerItem[]> = openBatcher({
    batchSize,
    windowMs,
    queueSize,
    answer: async (questions) => {
      metrics.batchSize.observe(questions.length);
      return await answerAll(recommender, questions);
    },
  });
  return {
    recommender,
    version: versionOf(recommender.manifest),
    waiting: () => batcher.waiting(),
    recommend: async (requests, signal) => {
      const questions = requests.map((request) => ({ request }));
      return (await batcher.ask(questions, signal)) as Answer[];
    },
    similar: async (similarTo, options, signal) => {
      const [items] = await batcher.ask([{ similarTo, options }], signal);
      return items as AnswerItem[];
    },
    idle: () => batcher.idle(),
  };
}

/** The manifest has the SHA-256 of every other file. */
const versionOf = (manifest: Manifest) => sha256Of(canonicalJson(manifest)).slice(0, 12);

/** Histories are read together; each similar item is a pass over the catalogue of its own. */
async function answerAll(
  recommender: Recommender,
  questions: readonly Question[],
): Promise<(Answer | AnswerItem[])[]> {
  const requests = questions.flatMap((question) =>
    'request' in question ? [question.request] : [],
  );
  const answers = (requests.length > 0 ? await recommender.recommendAll(requests) : []).values();
  const replies: (Answer | AnswerItem[])[] = [];
  for (const question of questions) {
    replies.push(
      'request' in question
        ? answers.next().value!
        : await recommender.similar(question.similarTo, question.options),
    );
  }
  return replies;
}
