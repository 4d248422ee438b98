import type { Reporter } from '../src/run/reporter.ts';

/** A reporter that keeps what it is told, what moves included. */
export function recordingReporter() {
  const said: string[] = [];
  const bars: { title: string; total: number; unit: string; moves: unknown[][] }[] = [];
  const say = (line: string) => void said.push(line);
  const reporter: Reporter = {
    intro: say,
    say,
    print: say,
    progress: (title, total, unit) => {
      const moves: unknown[][] = [];
      bars.push({ title, total, unit, moves });
      return { advance: (...move) => void moves.push(move), done: say };
    },
  };
  return { reporter, said, bars };
}
