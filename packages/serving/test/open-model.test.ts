import { expect, test } from 'vitest';
import { openBundle } from '../src/open-bundle.ts';
import { nativeSessions } from '../src/reading/native-sessions.ts';
import type { OpenSession } from '../src/reading/session.ts';
import { openModel } from '../src/recommender.ts';
import { smallBundle } from './small-bundle.ts';

/** Sessions of onnxruntime, of which the `failing`-th cannot be opened; counted while they are open. */
function countedSessions(failing = Number.POSITIVE_INFINITY) {
  const open = nativeSessions();
  const counts = { asked: 0, open: 0 };
  const openSession: OpenSession = async (model) => {
    counts.asked++;
    if (counts.asked === failing) throw new Error('no memory');
    const session = await open(model);
    counts.open++;
    return {
      ...session,
      dispose: async () => {
        counts.open--;
        await session.dispose();
      },
    };
  };
  return { counts, openSession };
}

test('a session that cannot be opened leaves none behind', async () => {
  const { counts, openSession } = countedSessions(2);

  await expect(openModel(await smallBundle(), { openSession })).rejects.toThrow('no memory');
  expect(counts).toEqual({ asked: 2, open: 0 });
});

test('an index that cannot be opened leaves no session behind', async () => {
  const { counts, openSession } = countedSessions();
  const scanBy = () => Promise.reject(new Error('no index'));

  await expect(openModel(await smallBundle(), { openSession, scanBy })).rejects.toThrow('no index');
  expect(counts).toEqual({ asked: 2, open: 0 });
});

test('an index that there is no such way to ask is refused before anything is read', async () => {
  await expect(openBundle('gone', { index: 'aproximate' as never })).rejects.toThrow(
    'index must be one of "exact", "approximate", got "aproximate"',
  );
});
