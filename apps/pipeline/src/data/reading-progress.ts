import type { TableReport, TableStep } from '@rodpo/data';
import type { Reporter } from '../run/reporter.ts';

export interface ReadingProgress {
  readonly onProgress: (step: TableStep, share: number) => void;
  done(report: TableReport): void;
}

const titles: Readonly<Record<TableStep, string>> = {
  reading: 'reading the table',
  placing: 'sorting the rows',
};

/** Shows how far a table is read, in hundredths of each step, and in the end what came. */
export function readingProgress(reporter: Reporter): ReadingProgress {
  const start = (step: TableStep) => ({
    step,
    percent: 0,
    shown: reporter.progress(titles[step], 100, '%'),
  });
  let own = start('reading');
  return {
    onProgress: (step, share) => {
      if (step !== own.step) own = start(step);
      const percent = Math.floor(100 * share);
      if (percent <= own.percent) return;
      own.shown.advance(percent - own.percent, `${percent} % done`);
      own.percent = percent;
    },
    done: ({ rows, kept, files }) => {
      const of = files.length === 1 ? 'a file' : `${files.length} files`;
      own.shown.done(`read ${rows} rows of ${of}, of which ${kept} count`);
    },
  };
}
