import { benchFanOut } from './fan-out.ts';
import { benchHotPath } from './hot-path.ts';
import { benchLimiter } from './limiter.ts';
import { benchLogin } from './login.ts';
import { benchMemory } from './memory.ts';
import { printReport, type BenchRow } from './report.ts';
import { benchRoundTrips } from './round-trips.ts';
import { benchSlowReader, benchSockets } from './sockets.ts';
import { benchToken } from './token.ts';
import { benchWebhook } from './webhook.ts';

/** `npm run bench [name …]`: prints a table and writes its figures; says what it saw, fails nothing. */
const benches: Record<string, () => Promise<BenchRow[]>> = {
  'hot-path': benchHotPath,
  limiter: benchLimiter,
  'round-trips': benchRoundTrips,
  login: benchLogin,
  memory: benchMemory,
  token: benchToken,
  webhook: benchWebhook,
  'fan-out': benchFanOut,
  sockets: benchSockets,
  'slow-reader': benchSlowReader,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}

const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.error(`… ${name}`);
  rows.push(...(await bench()));
}
printReport(rows, 'bench-results.json');
