import { seededRandom } from '@rodpo/random';
import type { EpochEntry } from '@rodpo/recipe';
import type { Cell, Comparison, Contributions, RunResult } from '../../src/compare/comparison.ts';

const metrics = ['ndcg@5', 'mrr@5'];
const reported = [...metrics, 'masked ndcg@5', 'masked mrr@5'];

/** Without the history more targets stand at the top. */
function withMasked(figures: Readonly<Record<string, number>>): Record<string, number> {
  const masked = Object.entries(figures).map(([name, value]) => [`masked ${name}`, value + 0.02]);
  return { ...figures, ...Object.fromEntries(masked) };
}

interface Traits {
  readonly seeds?: readonly number[];
  /** Real data: what users would have liked is not known. */
  readonly isReal?: boolean;
  readonly hasSweep?: boolean;
  readonly hasTrials?: boolean;
  readonly hasRouters?: boolean;
  /** The pretrained encoders find nothing: no gain over them is a share of anything. */
  readonly isFromNothing?: boolean;
  /** Of a strategy. */
  readonly name?: string;
}

/** A comparison as one might come out, with everything that a report can show unless told otherwise. */
export function fakeComparison({
  seeds = [1, 2, 3],
  isReal = false,
  hasSweep = true,
  hasTrials = true,
  hasRouters = true,
  isFromNothing = false,
  name = 'uniform',
}: Traits = {}): Comparison {
  const random = seededRandom(7);
  const encoders = ['dense', 'experts'];
  const routed = (encoder: string) => hasRouters && encoder === 'experts';

  const run = (encoder: string, model: string, seed: number): RunResult => ({
    seed,
    test: withMasked({ 'ndcg@5': 0.05 + random() / 100, 'mrr@5': 0.04 + random() / 100 }),
    validation: { 'ndcg@5': 0.05, 'mrr@5': 0.04 },
    bestEpoch: 2,
    epochs: [1, 2, 3].map((epoch) => entry(epoch, model, routed(encoder))),
    trainSeconds: 12.5,
    rankSeconds: 0.25,
    rankedUsers: 500,
    peakMemoryBytes: 695e6,
  });

  const entry = (epoch: number, model: string, hasRouter: boolean): EpochEntry => ({
    stage: model,
    epoch,
    loss: random(),
    seconds: 4,
    'validation ndcg@10': 0.07 + random() / 100,
    ...(model === 'pretrained'
      ? {}
      : {
          'rewards/margins': random(),
          'rewards/accuracies': random(),
          'logps/chosen': -6 - random(),
          falseNegativeRate: isReal ? null : random() / 5,
        }),
    ...(hasRouter
      ? {
          'block0.experts.load.0': 0.6,
          'block0.experts.load.1': 0.4,
          'block0.experts.loadEntropy': 0.97,
          'block0.experts.tokenEntropy': 0.8,
          'block0.experts.droppedShare': 0,
        }
      : {}),
  });

  const cell = (encoder: string, model: string, sweepPoolSize?: number): Cell => {
    const runs = seeds.map((seed) => run(encoder, model, seed));
    const estimates = Object.fromEntries(
      reported.map((metric) => [
        metric,
        {
          mean: isFromNothing && model === 'pretrained' ? 0 : runs[0]!.test[metric]!,
          standardError: seeds.length > 1 ? 0.0008 : null,
        },
      ]),
    );
    const test = {
      gain: isFromNothing ? null : 0.0331,
      difference: 0.002,
      interval: [0.001, 0.003],
      pValue: 0.01,
      adjustedPValue: model === 'stochastic' ? 0.0004 : 0.5,
    } as const;
    const none = { gain: null, interval: null };
    const contributions: Contributions = {
      history: isFromNothing ? none : { gain: 0.0431, interval: [0.0331, 0.0531] },
      others: isFromNothing ? none : { gain: -0.01, interval: [-0.02, 0] },
    };
    return {
      encoder,
      model,
      runs,
      test: estimates,
      validation: estimates,
      ...(sweepPoolSize === undefined ? {} : { sweepPoolSize }),
      ...(model === 'pretrained'
        ? {}
        : {
            settings: { beta: 0.3, negatives: { from: 'pool', size: sweepPoolSize ?? 20 } },
            againstBaseline: Object.fromEntries(reported.map((metric) => [metric, test])),
            contributions: Object.fromEntries(metrics.map((metric) => [metric, contributions])),
            negatives: {
              falseNegativeRate: isReal ? null : 0.1234,
              heldOutRate: 0.0345,
              historyRate: 0,
            },
          }),
    };
  };

  return {
    title: 'A comparison',
    command: 'rodpo compare --config it.json',
    versions: { node: 'v20', engine: 'onnxruntime' },
    machine: { cpu: 'a CPU', cores: 2, memoryBytes: 24 * 2 ** 30 },
    dataset: { users: 1997, items: 965, interactions: 21_678 },
    config: { seeds },
    metrics,
    seeds,
    rules: [
      { name: 'popularity', test: withMasked({ 'ndcg@5': 0.0123, 'mrr@5': 0.0101 }) },
      { name: 'Markov chain', test: withMasked({ 'ndcg@5': 0.0345, 'mrr@5': 0.0301 }) },
    ],
    encoders: encoders.map((encoder) => ({
      name: encoder,
      parameters: 165_056,
      activeParameters: 165_056,
      flopsPerToken: 229_376,
    })),
    cells: encoders.flatMap((encoder) => [
      cell(encoder, 'pretrained'),
      cell(encoder, name),
      cell(encoder, 'stochastic'),
      ...(hasSweep ? [5, 50].map((size) => cell(encoder, `stochastic-k${size}`, size)) : []),
    ]),
    trials: hasTrials
      ? [
          {
            encoder: 'dense',
            strategy: name,
            settings: { beta: 0.1 },
            validation: 0.0701,
            isBest: false,
          },
          {
            encoder: 'dense',
            strategy: name,
            settings: { beta: 0.3 },
            validation: 0.0712,
            isBest: true,
          },
        ]
      : [],
  };
}
