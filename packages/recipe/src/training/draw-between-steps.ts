import type { Program } from '@rodpo/compile';
import { deriveSeed, seededRandom } from '@rodpo/random';
import { itemLists, type SamplingBatch } from '@rodpo/samplers';
import type { StepPlace } from '@rodpo/trainer';
import { tokenCount } from '../batches/batch-layout.ts';
import type { TrainingBatch } from '../batches/training-set.ts';
import type { AlignSettings, HostNegatives } from '../steps/align-settings.ts';
import { scoreStep } from '../steps/score-step.ts';
import { unprefixed, weightPrefix } from '../steps/tokens.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Inputs } from './train.ts';

/** Draws a batch's negatives before its step. */
export interface DrawBetweenSteps {
  inputs(batch: TrainingBatch, program: Program, place: StepPlace): Promise<Inputs>;
  dispose(): Promise<void>;
}

/** @param like gives the shapes of the weights */
export async function drawBetweenSteps(
  workspace: Workspace,
  { sampler, scored = false }: HostNegatives,
  { count, exclude }: Pick<AlignSettings, 'count' | 'exclude'>,
  like: Weights,
): Promise<DrawBetweenSteps> {
  const { layout, set } = workspace;
  const tokens = tokenCount(layout);
  const scores = scored ? await scorer(workspace, like) : undefined;
  return {
    inputs: async (batch, program, { seed, step, totalStep }) => {
      const rows = learnedRows(batch);
      const chosen = Int32Array.from(rows, ({ token }) => batch.inputs.targets![token]!);
      const items = new Int32Array(tokens * count).fill(-1);
      const logProbabilities = new Float32Array(tokens * count);
      const sampling: SamplingBatch = {
        rowCount: rows.length,
        chosen,
        keys: Int32Array.from(rows, ({ sequence }) => set.userOf(sequence)),
        excluded: itemLists(
          rows.map(({ sequence }, row) =>
            exclude === 'chosen' ? chosen.subarray(row, row + 1) : set.items(sequence),
          ),
        ),
        step: totalStep,
        ...(scores ? { scores: await scores.of(batch, rows, program) } : {}),
      };
      const random = seededRandom(deriveSeed(seed, 'negatives', step));
      const drawn = sampler.sample(sampling, count, random);
      for (const [row, { token }] of rows.entries()) {
        const [from, to] = [row * count, (row + 1) * count];
        if (drawn.items[from] === -1) continue;
        items.set(drawn.items.subarray(from, to), token * count);
        logProbabilities.set(drawn.logProbabilities.subarray(from, to), token * count);
      }
      return { negatives: items, logProbabilities };
    },
    dispose: async () => scores?.dispose(),
  };
}

interface Row {
  readonly token: number;
  readonly sequence: number;
}

function learnedRows({ learned, packed: { rowLength } }: TrainingBatch): Row[] {
  return learned.flatMap(({ sequence, row, offset, length }) =>
    Array.from({ length }, (_, place) => ({ token: row * rowLength + offset + place, sequence })),
  );
}

/** Scores of every item for some tokens of a batch, by the policy as it is now. */
async function scorer(
  { engine, encoder, layout, set, itemTable, reader }: Workspace,
  like: Weights,
) {
  const [table, sequences] = [await itemTable(like), await reader(like)];
  const vectorsOf = (rows: number) => ({
    shape: [rows, encoder.width],
    dtype: 'float32' as const,
  });
  const program = await engine.program(scoreStep, {
    state: {},
    inputs: { hidden: vectorsOf(tokenCount(layout)), items: vectorsOf(set.itemCount) },
  });
  return {
    of: async (batch: TrainingBatch, rows: readonly Row[], policy: Program) => {
      const weights = unprefixed(await policy.state(), weightPrefix);
      const items = await table.vectors(weights);
      const { targets: _, weights: __, ...tokens } = batch.inputs;
      const hidden = await sequences.with(weights, items)(tokens);
      const { scores } = await program.run({ hidden, items: items.data });
      const width = items.shape[0]!;
      const kept = new Float32Array(rows.length * width);
      for (const [row, { token }] of rows.entries()) {
        const own = (scores as Float32Array).subarray(token * width, (token + 1) * width);
        kept.set(own, row * width);
      }
      return kept;
    },
    dispose: () => program.dispose(),
  };
}
