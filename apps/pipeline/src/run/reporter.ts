import * as clack from '@clack/prompts';

/** Where progress goes: a live bar in a terminal, plain lines elsewhere. */
export interface Reporter {
  intro(title: string): void;
  /** One line that stays. */
  say(message: string): void;
  /** A job of `total` units, named in the plural; call `advance` as they are done. */
  progress(title: string, total: number, unit: string): Progress;
  /** Text as it is, for tables. */
  print(text: string): void;
}

interface Progress {
  /** `detail` replaces the previous one, for instance a loss. */
  advance(units: number, detail?: string): void;
  done(message: string): void;
}

export function createReporter(stream: NodeJS.WriteStream = process.stdout): Reporter {
  return stream.isTTY ? terminalReporter() : plainReporter((line) => stream.write(`${line}\n`));
}

/** Writes what stays, and nothing that moves: for files, CI and tests. */
export function plainReporter(write: (line: string) => void): Reporter {
  return {
    intro: write,
    say: write,
    print: write,
    progress: () => ({ advance: () => {}, done: write }),
  };
}

function terminalReporter(): Reporter {
  return {
    intro: (title) => clack.intro(title),
    say: (message) => clack.log.info(message),
    print: (text) => void process.stdout.write(`${text}\n`),
    progress: (title, total, unit) => {
      const clock = startClock(total, unit);
      const show = (text: string) => void process.stdout.write(movingLine(text));
      show(title);
      return {
        advance: (units, detail) =>
          show([title, clock.advance(units), detail].filter(Boolean).join(' · ')),
        done: (message) => {
          show('');
          clack.log.step(message);
        },
      };
    },
  };
}

/**
 * What takes the place of the line that the cursor is in. clack's own bar reads the keyboard, and
 * takes Ctrl+C for a wish to exit as if all had gone well.
 */
function movingLine(text: string): string {
  return `\r\u001b[K${text.slice(0, process.stdout.columns - 1)}`;
}

/** Speed and time left of a job of `total` units. */
function startClock(total: number, unit: string): { advance(units: number): string } {
  const started = performance.now();
  let done = 0;
  return {
    advance: (units) => {
      done += units;
      const rate = done / ((performance.now() - started) / 1000);
      const left = Math.max(0, Math.round((total - done) / rate));
      return `${rate.toFixed(0)} ${unit}/s · ${left} s left`;
    },
  };
}
