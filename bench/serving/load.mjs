// Load by autocannon, in a process of its own: what makes the requests must not wait for who counts them.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('load-process.mjs', import.meta.url));

/**
 * Sends one of `bodies` after another over so many connections.
 *
 * @param rate requests/s of all connections together; absent: as many as are answered
 */
export async function load(address, bodies, { connections, seconds, rate }) {
  const requests = bodies.map((body) => ({
    method: 'POST',
    path: '/recommend',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }));
  const options = {
    url: address,
    connections,
    duration: seconds,
    requests,
    ...(rate ? { overallRate: rate } : {}),
  };
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(options));
  const found = JSON.parse(await text(child.stdout));
  const { statusCodeStats, errors, timeouts, latency, duration } = found;
  const counts = Object.entries(statusCodeStats).map(([code, { count }]) => [code, count]);
  const codes = Object.fromEntries(counts);
  const answered = codes['200'] ?? 0;
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const refused = codes['429'] ?? 0;
  return {
    rate: answered / duration,
    p99: latency.p99,
    refused,
    /** Neither an answer nor a 429; requests that got none are among them. */
    failed: total - answered - refused + errors + timeouts,
  };
}
