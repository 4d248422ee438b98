import { compile } from '@rodpo/compile';
import { leaveOneOut, packRows, packTokens, paddingShare, readSequences } from '@rodpo/data';
import { initSasrec } from '@rodpo/encoder';
import { deriveSeed, fillUniform, gaussianRandom, permutation, seededRandom } from '@rodpo/random';
import { adamState } from '@rodpo/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { test } from 'vitest';
import { encodeModel } from '../../../packages/compile/src/onnx-model.ts';
import { trace } from '../../../packages/compile/src/trace.ts';
import { quietTfjs } from '../src/backend.ts';
import { parseConfig } from '../src/config.ts';
import { pretrainSpecs, pretrainStep } from '../src/steps/pretrain-step.ts';
import { prefixed } from '../src/steps/tokens.ts';

test('bench', async () => {
  quietTfjs();
  await tf.setBackend('cpu');
  const cfg = parseConfig({ batch: JSON.parse(process.env.BATCH ?? '{}') }, 'x');
  const ds = await readSequences('/work/shared/data/amazon-beauty/sequences.txt');
  const { train } = leaveOneOut(ds.sequences);
  const clipped = train.map((s) => s.slice(-51));
  const w = initSasrec(
    { ...cfg.encoder, itemCount: ds.itemIds.length },
    gaussianRandom(seededRandom(1)),
  );
  const t0 = performance.now();
  console.log('init done');
  const st = { ...prefixed(w, 'weights.'), ...prefixed(adamState(w), 'optimiser.') };
  const tr = await trace(
    pretrainStep(cfg),
    Object.fromEntries(
      Object.entries(st).map(([k, v]) => [k, { shape: v.shape, dtype: 'float32' as const }]),
    ),
    pretrainSpecs(cfg),
  );
  console.log(
    'traced',
    performance.now() - t0,
    tr.graph.nodes.length,
    tr.graph.constants.length,
    tr.graph.constants.reduce((a, c) => a + c.bytes.length, 0),
  );
  const m = encodeModel(tr.graph);
  console.log('encoded', m.length, performance.now() - t0);
  if (process.env.DUMP) (await import('node:fs')).writeFileSync(process.env.DUMP, m);
  const program = await compile(pretrainStep(cfg), {
    state: { ...prefixed(w, 'weights.'), ...prefixed(adamState(w), 'optimiser.') },
    inputs: pretrainSpecs(cfg),
    noise: (t, s, d) => void fillUniform(t, deriveSeed(s, d)),
    ...(process.env.PROF ? { profilePrefix: process.env.PROF } : {}),
    threads: Number(process.env.THREADS ?? 2),
  });
  console.log('compile ms', performance.now() - t0);
  const order = permutation(clipped.length, seededRandom(3));
  const batches = [
    ...packRows(
      clipped.map((c) => c.length - 1),
      { rowLength: cfg.batch.rowLength, rowsPerBatch: cfg.batch.rowCount, order },
    ),
  ];
  console.log('batches', batches.length, 'padding', paddingShare(batches));
  const times: number[] = [];
  let i = 0;
  for (const b of batches.slice(0, Number(process.env.STEPS ?? 30))) {
    const items = packTokens(b, (s) => clipped[s]!.subarray(0, -1));
    const targets = packTokens(b, (s) => clipped[s]!.subarray(1));
    const weights = Float32Array.from(b.segments, (s) => (s > 0 ? 1 : 0));
    const t = performance.now();
    const { loss } = await program.run(
      { items, positions: b.positions, segments: b.segments, targets, weights },
      i++,
    );
    times.push(performance.now() - t);
    if (i % 10 === 0) console.log(i, loss![0], 'rss', (process.memoryUsage().rss / 1e6) | 0);
  }
  times.sort((a, b) => a - b);
  console.log(
    'median',
    times[times.length >> 1],
    'min',
    times[0],
    'epoch s',
    (times[times.length >> 1]! * batches.length) / 1000,
  );
  await program.dispose();
}, 600000);
