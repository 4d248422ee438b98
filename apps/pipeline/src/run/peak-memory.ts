import { readFileSync } from 'node:fs';

/**
 * The most memory that this process has held at once so far, whatever it was doing then: Linux's
 * `VmHWM`, elsewhere `maxRSS`.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export function peakMemoryBytes(): number {
  // On Linux, maxRSS may be that of the process which started this one.
  return linuxPeak() ?? process.resourceUsage().maxRSS * 1024;
}

function linuxPeak(): number | undefined {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
